import { describe, expectTypeOf, it } from "vitest";
import type { Client } from "../../../lib/client.js";
import type { answers } from "../../../lib/core/answers/index.js";
import type { Shape } from "../../../lib/core/answers/shape.js";
import type { JsonStream } from "../../../lib/streams/json-stream.js";
import type { ContainerStats, ContainerTopResponse } from "../../../lib/types/index.js";

type Methods = { [M in keyof Client as Client[M] extends (...args: never[]) => Promise<unknown> ? M : never]: Client[M] };

/** The answer to a method that sends one request. */
type AnswerOf<M extends keyof Methods> = M extends "topContainer"
  ? ContainerTopResponse
  : M extends "stats"
    ? ContainerStats
    : Methods[M] extends (...args: never[]) => Promise<infer T>
      ? Exclude<T, JsonStream<unknown>>
      : never;

describe("the shapes of answers", () => {
  it("match the types of the methods' results", () => {
    expectTypeOf<typeof answers>().toExtend<{ [M in keyof typeof answers]: Shape<AnswerOf<M>> }>();
  });

  it("name every list and map, and every object that contains one", () => {
    interface Answer {
      Name: string;
      Tags: string[];
      Labels: Record<string, string> | null;
      Mode?: Record<string, never>;
      Inner?: { Items?: string[] | null; Count: number } | null;
    }
    expectTypeOf<keyof Shape<Answer>>().toEqualTypeOf<"Tags" | "Labels" | "Inner">();
    expectTypeOf<Shape<{ Name: string }>>().toEqualTypeOf<never>();
  });
});
