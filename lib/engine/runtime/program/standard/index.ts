import type { Program } from "../program.js";
import { chmod, chown, touch } from "./attributes.js";
import { fail, seq, sleep, succeed, yes } from "./basic.js";
import { cat, tee } from "./cat.js";
import { cp, mv } from "./copy.js";
import { cut } from "./cut.js";
import { ln, mkdir, rm, rmdir } from "./directories.js";
import { du, mkfifo, mknod, sync } from "./disk.js";
import { echo, printf } from "./echo.js";
import { find } from "./find.js";
import { grep } from "./grep.js";
import { head } from "./head.js";
import { comm, paste, strings } from "./join.js";
import { ls } from "./ls.js";
import { basename, dirname, mktemp, readlink, realpath, which } from "./names.js";
import { fold, nl, rev, tac } from "./reorder.js";
import { sed } from "./sed.js";
import { sort, uniq } from "./sort.js";
import { stat } from "./stat.js";
import { tail } from "./tail.js";
import { test } from "./test.js";
import { tr } from "./tr.js";
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
  comm,
  cp,
  cut,
  dirname,
  du,
  echo,
  egrep: grep,
  false: fail,
  fgrep: grep,
  find,
  fold,
  grep,
  head,
  ln,
  ls,
  mkdir,
  mkfifo,
  mknod,
  mktemp,
  mv,
  nl,
  paste,
  printf,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  sed,
  seq,
  sleep,
  sort,
  stat,
  strings,
  sync,
  tac,
  tail,
  tee,
  test,
  touch,
  tr,
  true: succeed,
  uniq,
  wc,
  which,
  yes,
};
