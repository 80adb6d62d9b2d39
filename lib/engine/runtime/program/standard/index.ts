import type { Program } from "../program.js";
import { chmod, chown, touch } from "./attributes.js";
import { fail, seq, sleep, succeed, yes } from "./basic.js";
import { cat, tee } from "./cat.js";
import { cp, mv } from "./copy.js";
import { ln, mkdir, rm, rmdir } from "./directories.js";
import { du, mkfifo, mknod, sync } from "./disk.js";
import { echo, printf } from "./echo.js";
import { find } from "./find.js";
import { head } from "./head.js";
import { ls } from "./ls.js";
import { basename, dirname, mktemp, readlink, realpath, which } from "./names.js";
import { fold, nl, rev, tac } from "./reorder.js";
import { stat } from "./stat.js";
import { tail } from "./tail.js";
import { test } from "./test.js";
import { wc } from "./wc.js";

/** The programs that every container of the `program` executor has, by name. */
export const standardPrograms: Readonly<Record<string, Program>> = {
  "[": test,
  "[[": test,
  basename,
  cat,
  chgrp: chown,
  chmod,
  chown,
  cp,
  dirname,
  du,
  echo,
  false: fail,
  find,
  fold,
  head,
  ln,
  ls,
  mkdir,
  mkfifo,
  mknod,
  mktemp,
  mv,
  nl,
  printf,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  seq,
  sleep,
  stat,
  sync,
  tac,
  tail,
  tee,
  test,
  touch,
  true: succeed,
  wc,
  which,
  yes,
};
