/*
 * replies_keys - which texts does the program send, and what may they hold?
 *
 * One line per text: its key, the placeholders it may hold, how many GSM-7
 * segments it may take with sample values, and when it is sent. Below it,
 * one line per placeholder with a value as long as they come.
 */
#include "config/replies.h"

static const struct replies_key key[] = {
	{"report_echo", "report figures", 1,
		"a report was stored; 1 agrees, SUA corrects"},
	{"report_changed", "report figures", 1,
		"a report replaced an earlier one of the same meeting"},
	{"report_many", "list", 2,
		"reports of several units in one text were stored"},
	{"ask_sum", "report sum total", 1,
		"present and absences do not make the total"},
	{"ask_votes", "report votes present", 1,
		"more votes than people present"},
	{"ask_exempt", "report", 1, "more exempt than excused"},
	{"ask_swap", "report present total offer", 1,
		"more present than the total: offers the swap"},
	{"ask_roster", "report total roll", 1,
		"the total differs from the roll"},
	{"ask_unit", "offer", 1, "a sender with several units named none"},
	{"ask_unit_unknown", "offer", 1, "a code that does not exist"},
	{"ask_unit_other", "offer", 1, "a unit that is not the sender's"},
	{"ask_unit_shared", "offer", 1, "a name that several units share"},
	{"ask_unit_code", "code today", 1,
		"a unit is needed and the sender has none to offer"},
	{"ask_joint", "code today", 1, "one report for several units"},
	{"ask_item", "report figures", 1,
		"one of several units' reports cannot be stored"},
	{"ask_present", "report", 1, "present is missing"},
	{"ask_absences", "report", 1,
		"absences are missing or cannot be told apart"},
	{"ask_split", "report absent", 1, "absences were given as a sum"},
	{"ask_rest", "report offer", 1,
		"one kind of absence is missing, and the roll suggests it"},
	{"ask_all_present", "report roll", 1, "'du' may say all or attended"},
	{"ask_date", "report today", 1,
		"the day is missing or may be read in two ways"},
	{"ask_date_bad", "report today", 1, "a day that does not exist"},
	{"ask_date_future", "report today", 1, "a report of a day to come"},
	{"ask_date_old", "report days today", 1,
		"a report of a day too long ago"},
	{"ask_date_lunar", "report today", 1, "a lunar date"},
	{"ask_date_weekday", "report today", 1,
		"a weekday that is not that of the date"},
	{"ask_date_taken", "report", 1,
		"a correction would move a report onto another"},
	{"ask_range", "report", 1, "a figure that no unit can have"},
	{"ask_keyword", "report figures", 1,
		"a report with a misspelt keyword or broken number, before it "
		"is stored"},
	{"ask_word", "offer", 1, "a misspelt keyword of another kind"},
	{"ask_contradiction", "", 1, "a text that disagrees with itself"},
	{"ask_form", "code today", 1, "a report that cannot be read: the form"},
	{"ask_sum_offer", "report sum total offer", 1,
		"a correction that does not add up: offers what would"},
	{"ask_correction", "", 1, "a correction that cannot be taken"},
	{"ask_correction_which", "code today", 1,
		"a correction that may be about several reports"},
	{"ask_no_report", "code today", 1,
		"a correction of a report that is not there"},
	{"ask_wrong", "report figures", 1, "2 to an echo, or SUA alone"},
	{"ask_cancel", "report figures", 1,
		"cancel the report or the meeting?"},
	{"ask_cancel_which", "code today", 1,
		"nothing that could be cancelled was named"},
	{"ask_query", "code today", 1, "XEM with nothing usable behind it"},
	{"ask_ack", "", 1, "'dung' may say right or stop"},
	{"ask_opt_out", "", 1, "a text that may be an opt-out"},
	{"ask_opt_in", "", 1, "a text that may be an opt-in"},
	{"cancelled", "report figures", 1, "a report was cancelled"},
	{"cancelled_before", "report", 1, "a report that is cancelled already"},
	{"query_report", "report figures", 1, "XEM, or was it received"},
	{"query_none", "report code today", 1, "XEM of a day without a report"},
	{"query_day", "code today", 1,
		"XEM without a day, and it is not clear which"},
	{"query_nothing_yet", "", 1, "was it received, and nothing came"},
	{"query_meeting", "report time", 1, "when is the meeting"},
	{"query_person", "", 1, "a question that needs a person"},
	{"help_report", "code today", 1, "GIUP of a secretary or deputy"},
	{"help_staff", "code today", 1, "GIUP of commune staff"},
	{"help_overseer", "code today", 1, "GIUP of an overseer"},
	{"help_member", "", 1, "GIUP of anybody else"},
	{"opt_out", "", 1, "an opt-out, once"},
	{"opt_out_wrong_person", "", 1, "an opt-out of somebody else's phone"},
	{"opt_in", "", 1, "an opt-in"},
	{"handed_over", "", 1, "asked too often; it went to staff"},
	{"no_question", "", 1, "an answer that fits no question"},
	{"not_allowed", "", 1, "a sender without the role"},
	{"not_understood", "", 1, "a text that could not be read"},
	{"not_yet", "", 1, "an intent without a handler"},
	{"sender_unknown", "", 1, "an unregistered phone; reveals nothing"},
	{"notify_changed", "report figures before", 1,
		"to staff: a stored report changed"},
	{"notify_stuck", "unit", 1, "to staff: a sender was asked too often"},
	{"notify_wrong_person", "who", 1,
		"to staff: a phone belongs to somebody else"},
};

static const struct sample {
	const char *placeholder;
	const char *value;
} sample[] = {
	{"report", "MG07 25/11 BT"},
	{"figures", "TS147 CM135 VP10 VK2 NQ11 BQ134/0/1"},
	{"list", "MG07 25/11: TS147 CM135 VP10 VK2; MG08 24/11: TS120 CM118 "
		 "VP2 VK0"},
	{"sum", "147"},
	{"total", "147"},
	{"present", "135"},
	{"absent", "12"},
	{"roll", "147"},
	{"votes", "135"},
	{"days", "45"},
	{"offer", "1=MG07 2=MG08 3=MG09"},
	{"code", "MG07"},
	{"unit", "MG07"},
	{"today", "25/11"},
	{"before", "TS147 CM134 VP11 VK2 NQ11 BQ134/0/1"},
	{"time", "19h30"},
	{"who", "MG07 DV 12"},
};

const struct replies_key *replies_keys(size_t *ret_n)
{
	*ret_n = sizeof(key) / sizeof(key[0]);
	return key;
}

struct str replies_sample(const char *placeholder)
{
	for (size_t i = 0; i < sizeof(sample) / sizeof(sample[0]); i++)
		if (strcmp(sample[i].placeholder, placeholder) == 0)
			return str_of(sample[i].value);
	return (struct str){NULL, 0};
}
