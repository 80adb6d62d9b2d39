import type { Case } from "../case.js";

const files = {
  f: "hi\n",
  "d/e/z": "x\n",
  "d/b": "",
  ".h/x": "",
  l: "-> f",
  bad: "-> nope",
  ld: "-> d",
  big: "x".repeat(5000),
  old: "",
};

const plain = [
  ...[
    "ls",
    "ls -1",
    "ls -a",
    "ls -A",
    "ls -R",
    "ls -F",
    "ls -p",
    "ls -r",
    "ls -d d",
    "ls -d",
    "ls d f nope",
    "ls f d d/e",
    "ls l",
    "ls ld",
    "ls -F ld",
    "ls bad",
  ],
  ...[
    "ls -C",
    "ls -w 20 -C",
    "ls -x",
    "ls -AR d",
    "ls -F d/",
    "ls -Q",
    "ls -S d",
    "ls -1F",
    "ls nope nope2",
    "ls -R d ld",
    "ls -p d/e/../b",
    "ls -a d",
    "ls .",
    "ls d/",
  ],
];

/** Of `ls`. Times are set, because they cannot be compared otherwise. */
export const lsCases: Case[] = [
  ...plain.map((run) => ({ run, files })),
  {
    run: [
      "touch -d '2020-01-02 03:04:05' f big d old",
      "chmod 4751 f",
      "chmod 1777 d",
      "chmod 2644 old",
      "ls -l f big old",
      "stat -c %A d",
      "ls -lh big",
      "ls -ln f",
      "ls -lF f",
      "ls -t f big",
      "ls -S f big",
    ],
    files,
  },
];
