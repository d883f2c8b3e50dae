#ifndef GATEWAY_PROVIDERS_PROVIDERS_H
#define GATEWAY_PROVIDERS_PROVIDERS_H

#include "gateway/providers/provider.h"

/* One line per provider; provider.c has the table. */
extern const struct provider provider_advanta;
extern const struct provider provider_africastalking;
extern const struct provider provider_console;
extern const struct provider provider_esms;
extern const struct provider provider_gammu;
extern const struct provider provider_generic;
extern const struct provider provider_hubtel;
extern const struct provider provider_infobip;
extern const struct provider provider_jasmin;
extern const struct provider provider_kannel;
extern const struct provider provider_nalo;
extern const struct provider provider_smsgate;
extern const struct provider provider_smstools;
extern const struct provider provider_speedsms;
extern const struct provider provider_twilio;
extern const struct provider provider_vonage;

#endif
