/* The plain C entry, called as any program would: with the header, from C.
 *
 *     entry SNAPSHOT PANICS < request > answer
 *
 * SNAPSHOT.damaged is a damaged one.
 * Prints the answer to the request on standard input, after it tried what callers do wrong. PANICS is 1 where the
 * library was built with the feature `test-panic`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mach_nix.h"

static int failed;

/* The answer must hold both texts; each is given back. */
static void expect(const char *request, const char *class_, const char *message)
{
    char *answer = mach_nix_resolve(request);
    if (!answer || !strstr(answer, class_) || !strstr(answer, message)) {
        fprintf(stderr, "entry.c: expected %s and %s in %s\n", class_, message, answer ? answer : "NULL");
        failed = 1;
    }
    mach_nix_free(answer);
}

static void expect_of(const char *format, const char *snapshot, const char *class_, const char *message)
{
    char request[4096];
    snprintf(request, sizeof request, format, snapshot);
    expect(request, class_, message);
}

int main(int count, char **arguments)
{
    static char request[1 << 16];
    char *answer;
    const char *snapshot;

    if (count != 3) return 2;
    snapshot = arguments[1];

    expect(NULL, "\"class\":\"usage\"", "the request is NULL");
    expect("", "\"class\":\"usage\"", "this is not JSON");
    expect("[1]", "\"class\":\"usage\"", "this is a list");
    expect("{\"requirements\": \"\xff\"}", "\"class\":\"usage\"", "not UTF-8");
    expect("{\"python\": \"3.11\"}", "\"class\":\"usage\"", "`requirements` is missing");
    expect_of("{\"requirements\": \"flask>=2,<1\", \"python\": \"3.11\", \"system\": \"x86_64-linux\", \"pypiData\": \"%s\"}",
        snapshot, "\"class\":\"impossible\"", "ResolutionImpossible: ");
    expect_of("{\"requirements\": \"flask\", \"python\": \"3.11\", \"system\": \"x86_64-linux\", \"pypiData\": \"%s.not\"}",
        snapshot, "\"class\":\"usage\"", ".not");
    expect_of("{\"requirements\": \"flask\", \"python\": \"3.11\", \"system\": \"x86_64-linux\", \"pypiData\": \"%s.damaged\"}",
        snapshot, "\"class\":\"external\"", ".damaged is damaged");
    expect_of("{\"requirements\": \"flask\", \"python\": \"3.11\", \"system\": \"x86_64-linux\", \"pypiData\": \"/dev/null\"}%s",
        "", "\"class\":\"usage\"", "/dev/null is not a snapshot");
    if (!strcmp(arguments[2], "1"))
        expect("test-panic", "\"class\":\"defect\"", "asked for by a test");
    mach_nix_free(NULL);
    if (!strchr(mach_nix_version(), '.') || !strstr(mach_nix_glue(), "request =")) failed = 1;

    request[fread(request, 1, sizeof request - 1, stdin)] = 0;
    answer = mach_nix_resolve(request);
    if (!answer || puts(answer) < 0) failed = 1;
    mach_nix_free(answer);
    return failed;
}
