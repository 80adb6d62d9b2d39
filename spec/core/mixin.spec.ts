/* eslint-disable @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-extraneous-class -- merged like the client */
import { describe, expect, it } from "vitest";
import { mixin } from "../../lib/core/mixin.js";

describe("mixin", () => {
  it("copies methods and accessors, including those that other methods call", () => {
    abstract class Reading {
      protected text(): string {
        return "read";
      }
      read(): string {
        return this.text();
      }
      get size(): number {
        return this.read().length;
      }
    }
    abstract class Writing {
      write(): string {
        return "written";
      }
    }
    class Both {}
    interface Both extends Reading, Writing {}
    mixin(Both, [Reading, Writing]);
    const both = new Both();
    expect([both.read(), both.write(), both.size]).toEqual(["read", "written", 4]);
    expect(Object.keys(both)).toEqual([]);
    expect(both.constructor).toBe(Both);
  });

  it("rejects two classes with the same method", () => {
    abstract class One {
      run(): void {}
    }
    abstract class Two {
      run(): void {}
    }
    class Sum {}
    interface Sum extends One, Two {}
    expect(() => mixin(Sum, [One, Two])).toThrow("two mixins define the method run");
  });

  it("rejects a class with a method that the target has", () => {
    abstract class Part {
      run(): void {}
    }
    class Target {
      run(): void {}
    }
    expect(() => mixin(Target, [Part])).toThrow(TypeError);
  });
});
