#ifndef GATEWAY_BASE_EMBED_H
#define GATEWAY_BASE_EMBED_H

#include "gateway/base/str.h"

/*
 * EMBED(name, "path/from/the/top") puts a file's bytes into the binary;
 * EMBEDDED(name) is the struct str of it. The Makefile lists the file as a
 * dependency of the object.
 */
#define EMBED(name, path)                                                      \
	__asm__(".pushsection .rodata\n"                                       \
		".global embed_" #name "\n.balign 16\nembed_" #name ":\n"      \
		".incbin \"" path "\"\n"                                       \
		".global embed_" #name "_end\nembed_" #name "_end:\n"          \
		".byte 0\n.popsection\n");                                     \
	extern const char embed_##name[];                                      \
	extern const char embed_##name##_end[]

/* The two names are two objects to C: subtracted as addresses. */
#define EMBEDDED(name)                                                         \
	((struct str){embed_##name,                                            \
		(uintptr_t)embed_##name##_end - (uintptr_t)embed_##name})

#endif
