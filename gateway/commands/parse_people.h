#ifndef GATEWAY_COMMANDS_PARSE_PEOPLE_H
#define GATEWAY_COMMANDS_PARSE_PEOPLE_H

#include "gateway/parse_line.h"

#include <stdio.h>

/* Tells people how a text was read, line by line. */
void parse_people(const struct parse_line *p, FILE *to);

#endif
