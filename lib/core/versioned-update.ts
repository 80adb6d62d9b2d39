import { VersionConflictError } from "../errors/swarm-errors.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { ObjectVersion } from "../types/common.js";
import type { Sendable } from "../types/util.js";
import type { CallOptions } from "./call-options.js";
import { boundedCall } from "./deadline.js";
import { presentParts } from "./gates.js";
import { memberProblem } from "./member-check.js";
import type { Operation } from "./operation.js";
import { signatureOf } from "./signatures.js";

/** The maximum number of attempts at an update, each starting from the settings at that time. */
const ATTEMPTS = 10;

/** The settings that replace those of a known version of a swarm object. @category Swarm */
export interface SpecOfVersion<Spec> {
  /** The object's `Version.Index` at the last inspection. The engine rejects the update if the object has changed since then. */
  version: number;
  /** The complete new settings: members that are left out become unset. */
  spec: Sendable<Spec>;
}

/** New settings for a swarm object, derived from its current ones. @category Swarm */
export interface SpecFromCurrent<Spec> {
  /** Always unset: the client uses the object's current version. */
  version?: undefined;
  /**
   * Derives the new settings from the current ones. If the object changes in the meantime, the function is called again with the
   * newer settings: up to ten times in all.
   */
  spec: (current: Spec) => Sendable<Spec> | Promise<Sendable<Spec>>;
}

/**
 * The settings of an update of a swarm object: new ones for a known version, or a function of the current ones.
 *
 * @category Swarm
 */
export type SpecUpdate<Spec> = SpecOfVersion<Spec> | SpecFromCurrent<Spec>;

/** A versioned object of a swarm. */
interface Versioned<Spec> {
  readonly Version?: ObjectVersion | undefined;
  readonly Spec?: Spec | undefined;
}

/** The two operations of an update. */
export interface UpdateSteps<Spec, Result> {
  /** Inspects the object. */
  inspect: (call: CallOptions) => Promise<Versioned<Spec>>;
  /** Updates the object if it still has this version. `current` holds the settings that it had, where they are known. */
  update: (version: number, spec: Sendable<Spec>, call: CallOptions, current?: Spec) => Promise<Result>;
}

/**
 * Checks that settings are an object: an untyped function may return something else.
 *
 * @throws {@link InvalidOptionError} when they are not an object.
 */
function settings<Spec>(name: string, spec: Spec): Spec {
  if (typeof spec === "object" && spec !== null) return spec;
  throw new InvalidOptionError("spec", `${name}: option "spec" must be an object or a function that returns one`, {
    operation: name,
  });
}

/**
 * Checks the names in the settings that the caller's function returned. Names that the engine itself sent are valid.
 *
 * @throws {@link InvalidOptionError} for an unknown one.
 */
function checkNames(name: string, spec: unknown, current: unknown, call: CallOptions): void {
  const { members = {} } = signatureOf(name) ?? {};
  const sent = presentParts({ spec: current });
  const isSent = (path: string) => call.unknownMembers === "send" || sent.has(path.replaceAll(/\[\d+\]/g, "[]"));
  const problem = memberProblem(name, members, ["spec", spec], isSent);
  if (problem) throw new InvalidOptionError(...problem, { operation: name });
}

/**
 * Lifts the version checks for settings that the engine itself sent. An engine may send members that the API version in use
 * lacks, and accepts them in an update.
 *
 * @param declaration - the operation; its option `spec` holds the settings.
 * @param current - the settings that the engine sent.
 */
export function withoutVersionChecksFor<O extends { spec: object }>(
  declaration: Operation<O>,
  current: object | undefined,
): Operation<O> {
  const sent = presentParts(current);
  const { spec } = declaration.fields;
  const parts = Object.fromEntries(Object.entries(spec.parts ?? {}).filter(([part]) => !sent.has(part)));
  return sent.size === 0 ? declaration : { ...declaration, fields: { ...declaration.fields, spec: { ...spec, parts } } };
}

function isFunction<Spec>(wanted: SpecUpdate<Spec>): wanted is SpecFromCurrent<Spec> {
  return typeof wanted.spec === "function";
}

/**
 * Updates a swarm object: with settings for a version that the caller knows, or with a function of the current settings, which is
 * called again if someone else changes the object in between.
 *
 * @param name - name of the operation.
 * @param wanted - the caller's settings.
 * @param call - settings of the call. Its total timeout covers every request.
 * @param steps - the two operations.
 * @throws {@link InvalidOptionError} when the caller's function does not return an object.
 * @throws {@link VersionConflictError} when the object no longer has the expected version, or changed during every attempt.
 */
export async function versionedUpdate<Spec, Result>(
  name: string,
  wanted: SpecUpdate<Spec>,
  call: CallOptions | undefined,
  steps: UpdateSteps<Spec, Result>,
): Promise<Result> {
  if (!isFunction(wanted)) return steps.update(wanted.version, settings(name, wanted.spec), call ?? {});
  return boundedCall(name, call, async (bounded) => {
    for (let attempt = 1; ; attempt += 1) {
      const { Version, Spec } = await steps.inspect(bounded);
      const current = Spec as Spec; // engines always send it
      const spec = settings(name, await wanted.spec(structuredClone(current)));
      checkNames(name, spec, current, bounded);
      try {
        return await steps.update(Version?.Index ?? 0, spec, bounded, current);
      } catch (error) {
        if (!(error instanceof VersionConflictError) || attempt === ATTEMPTS) throw error;
      }
    }
  });
}
