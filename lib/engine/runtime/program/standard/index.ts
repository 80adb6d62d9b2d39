import type { Program } from "../program.js";
import { fail, seq, sleep, succeed, yes } from "./basic.js";
import { cat, tee } from "./cat.js";
import { echo, printf } from "./echo.js";
import { head } from "./head.js";
import { ls } from "./ls.js";
import { fold, nl, rev, tac } from "./reorder.js";
import { tail } from "./tail.js";
import { test } from "./test.js";
import { wc } from "./wc.js";

/** The programs that every container of the `program` executor has, by name. */
export const standardPrograms: Readonly<Record<string, Program>> = {
  "[": test,
  "[[": test,
  cat,
  echo,
  false: fail,
  fold,
  head,
  ls,
  nl,
  printf,
  rev,
  seq,
  sleep,
  tac,
  tail,
  tee,
  test,
  true: succeed,
  wc,
  yes,
};
