import type { Case } from "../case.js";

const files = { f: "text", empty: "", "d/": "", l: "-> f", bad: "-> nope" };

const plain = [
  ...["test", "test a", "test ''", "test 1 -eq x", "test a = a", "test a -foo b", "[ a = a", "[ a = a ]", "test ( a = b ) -o x"],
  ...[
    "test ! a",
    "test ! ''",
    "test 1 -lt 2",
    "test 2 -le 1",
    "test 3 -ge 3 -a 4 -gt 3",
    "test a b c d e",
    "test a '<' b",
    "test b '>' a",
  ],
  ...[
    "[ -z '' ]",
    "[ -n '' ]",
    "[ -n ]",
    "[ -z ]",
    "test a == a",
    "test a != b",
    "test ! a = b",
    "test -t 0",
    "test ''  -o b",
    "test '' -a b",
  ],
  ...[
    "test 010 -eq 10",
    "test ' 5 ' -eq 5",
    "test -5 -lt 3",
    "test = = =",
    "test -f = -f",
    "test !",
    "test ( a )",
    "test ( a",
    "test -a b",
  ],
  ...["test '' = ''", "test 1 -eq", "[ ]", "test ! ! a", "test -n x -a ! -n ''", "test a -a '' -o c"],
];

const withFiles = [
  ...["-e f", "-e nope", "-f f", "-f d", "-d d", "-d f", "-L l", "-h l", "-L f", "-e bad", "-L bad", "-s f", "-s empty", "-r f"],
  ...[
    "-w f",
    "-x f",
    "-x d",
    "-p f",
    "-b f",
    "-c f",
    "-S f",
    "f -ef l",
    "f -ef d",
    "nope -nt f",
    "-f l",
    "-f f -a -d d",
    "-u f",
    "-k f",
    "-O f",
  ],
];

/** Of `test`. */
export const testCases: Case[] = [
  ...plain.map((run) => ({ run })),
  ...withFiles.map((words) => ({ run: `test ${words}`, files })),
];
