/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include "base/must.h"

struct date {
	int64_t year;
	unsigned month, day; /* from 1 */
};

static bool leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned month_days(int64_t year, unsigned month)
{
	static const uint8_t DAYS[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return DAYS[month - 1] + (month == 2 && leap(year) ? 1u : 0u);
}

/* Days before the first of January, counted from 1970. */
static int64_t days_before_year(int64_t year)
{
	int64_t y = year - 1;

	return 365 * (year - 1970) + (y / 4 - 1969 / 4) - (y / 100 - 1969 / 100) +
	       (y / 400 - 1969 / 400);
}

static struct date date_of(int64_t days)
{
	struct date d = {1970 + days / 366, 1, 1};

	while (days_before_year(d.year + 1) <= days)
		d.year++;
	days -= days_before_year(d.year);
	while (days >= month_days(d.year, d.month))
		days -= month_days(d.year, d.month++);
	d.day = (unsigned)days + 1;
	return d;
}

static void digits_write(char *to, unsigned count, int64_t value)
{
	while (count-- > 0) {
		to[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

void time_write(char to[TIME_TEXT_SIZE], struct ledger_time time)
{
	must(time.seconds >= 0 && time.seconds <= TIME_MAX);
	struct date d = date_of(time.seconds / SECONDS_A_DAY);
	int64_t second = time.seconds % SECONDS_A_DAY;

	memcpy(to, "0000-00-00T00:00:00Z", TIME_TEXT_SIZE);
	digits_write(to, 4, d.year);
	digits_write(to + 5, 2, d.month);
	digits_write(to + 8, 2, d.day);
	digits_write(to + 11, 2, second / 3600);
	digits_write(to + 14, 2, second / 60 % 60);
	digits_write(to + 17, 2, second % 60);
}

static bool digits_read(const uint8_t *from, unsigned count, unsigned *value)
{
	*value = 0;
	for (unsigned i = 0; i < count; i++) {
		if (from[i] < '0' || from[i] > '9')
			return false;
		*value = *value * 10 + (unsigned)(from[i] - '0');
	}
	return true;
}

bool time_read(struct bytes text, struct ledger_time *time)
{
	static const char SHAPE[] = "0000-00-00T00:00:00Z";
	unsigned year, month, day, hour, minute, second;

	if (text.size != TIME_TEXT_SIZE)
		return false;
	for (unsigned i = 0; i < TIME_TEXT_SIZE; i++)
		if (SHAPE[i] != '0' && text.at[i] != SHAPE[i])
			return false;
	if (!digits_read(text.at, 4, &year) || !digits_read(text.at + 5, 2, &month) ||
	    !digits_read(text.at + 8, 2, &day) || !digits_read(text.at + 11, 2, &hour) ||
	    !digits_read(text.at + 14, 2, &minute) || !digits_read(text.at + 17, 2, &second))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days(year, month) ||
	    hour > 23 || minute > 59 || second > 59)
		return false;
	int64_t days = days_before_year(year) + day - 1;
	for (unsigned m = 1; m < month; m++)
		days += month_days(year, m);
	time->seconds = days * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
	return true;
}

uint32_t time_day(struct ledger_time time)
{
	struct date d = date_of(time.seconds / SECONDS_A_DAY);

	return (uint32_t)(d.year * 10000 + d.month * 100 + d.day);
}

bool time_date_read(struct bytes text, uint32_t *day)
{
	unsigned year, month, of_month;

	if (text.size != 10 || text.at[4] != '-' || text.at[7] != '-' || !digits_read(text.at, 4, &year) ||
	    !digits_read(text.at + 5, 2, &month) || !digits_read(text.at + 8, 2, &of_month))
		return false;
	if (year < 1 || month < 1 || month > 12 || of_month < 1 || of_month > month_days(year, month))
		return false;
	*day = year * 10000 + month * 100 + of_month;
	return true;
}

struct ledger_time time_of_day(uint32_t day)
{
	int64_t days = days_before_year(day / 10000) + day % 100 - 1;

	must(day / 10000 >= 1970);
	for (unsigned m = 1; m < day / 100 % 100; m++)
		days += month_days(day / 10000, m);
	return (struct ledger_time){days * SECONDS_A_DAY};
}

#define SPAN_MAX ((int64_t)36525 * SECONDS_A_DAY)

static const struct {
	char letter;
	int64_t seconds;
} UNITS[] = {{'d', SECONDS_A_DAY}, {'h', SECONDS_AN_HOUR}, {'m', SECONDS_A_MINUTE}, {'s', 1}};

bool time_span_read(struct bytes text, int64_t *seconds)
{
	int64_t number = 0;

	if (text.size < 2 || text.size > 11 || (text.at[0] == '0' && text.size > 2))
		return false;
	for (size_t i = 0; i + 1 < text.size; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		number = number * 10 + (text.at[i] - '0');
	}
	for (unsigned u = 0; u < 4; u++)
		if (text.at[text.size - 1] == UNITS[u].letter) {
			if (number > SPAN_MAX / UNITS[u].seconds)
				return false;
			*seconds = number * UNITS[u].seconds;
			return true;
		}
	return false;
}

unsigned time_span_write(char to[12], int64_t seconds)
{
	unsigned u = 0, size = 0;
	char reversed[11];

	must(seconds >= 0 && seconds <= SPAN_MAX);
	while (seconds % UNITS[u].seconds != 0 || (seconds == 0 && u < 3))
		u++;
	int64_t number = seconds / UNITS[u].seconds;
	do {
		reversed[size++] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	for (unsigned i = 0; i < size; i++)
		to[i] = reversed[size - 1 - i];
	to[size++] = UNITS[u].letter;
	return size;
}
