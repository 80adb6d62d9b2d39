import type { Case } from "../case.js";

const lines = [
  ...[
    "echo",
    "echo a b",
    "echo -n a",
    "echo -e 'a\\x41\\0101\\101\\cfoo'",
    "echo -e 'a\\tb\\\\n\\q'",
    "echo -ex",
    "echo -E 'a\\n'",
  ],
  ...[
    "echo -n -e 'x\\n'",
    "echo -nE 'a\\n'",
    "echo - a",
    "echo -- a",
    "echo -ne '\\a\\b\\e\\f\\r\\v'",
    "echo -e 'a\\'",
    "echo é",
  ],
  ...["printf '%s %d %5.2f %c %b %%\\n' a 12 3.14159 xyz 'q\\n'", "printf '%d\\n' abc", "printf '%d\\n' 0x1f 017 -0x10 +5 0"],
  ...["printf '%d\\n' \"'A\"", "printf '%s\\n' a b c", "printf '%x %o %X %u %i %e %g\\n' 255 8 255 3 4 1.5 2.5"],
  ...["printf '%-5s|%05d|%+d|% d\\n' a 3 4 5", "printf '%*d|%-*d|\\n' 5 3 4 1", "printf", "printf 'a\\n' x y"],
  ...[
    "printf '\\x41\\101\\0101\\n'",
    "printf '%d\\n' 12abc",
    "printf '%d\\n' ''",
    "printf '%d %u %x %o\\n' -1 -1 -1 -1",
    "printf '%d'",
  ],
  ...[
    "printf '%.2s|%5.1s|\\n' abc def",
    "printf '%b' 'a\\0101\\cx' y",
    "printf '%s-%s\\n' a b c",
    "printf '[%s]'",
    "printf 'x%'",
  ],
  ...[
    "printf '%f %F %E %G\\n' 1 2 3 0.00001",
    "printf '%#x %#o %08.3f %+.1e\\n' 255 8 3.14159 12345",
    "printf '%.0f %.10g\\n' 2.5 1234567.125",
  ],
  ...[
    "printf '%5%|%c%c|' ab c",
    "printf '%ld %lld\\n' 5 6",
    "printf '%s\\n' 'é'",
    "printf '%3s|\\n' é",
    "printf '%g %g %g %g\\n' 100000 1000000 1e-5 0",
  ],
];

/** Of `echo` and `printf`. */
export const echoCases: Case[] = lines.map((run) => ({ run }));
