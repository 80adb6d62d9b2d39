import type * as z from "zod";
import type { Client } from "../../index.js";
import type { GuestDefaults } from "../guest/create.js";
import type { ImageService } from "../images/image-service.js";
import type { Policy } from "../policy/policy.js";
import type { OpenRpc } from "../rpc/open-rpc.js";
import type { FailureKind } from "../rpc/rpc-error.js";
import type { Jobs } from "../work/jobs.js";

/** What the methods of an agent work with, whatever the call. */
export interface AgentParts {
  readonly client: Client;
  readonly policy: Policy;
  readonly defaults: GuestDefaults;
  readonly imageService: ImageService;
  readonly jobs: Jobs;
  /** Returns the description of all methods. */
  readonly describe: () => OpenRpc;
}

/** What a method works with. */
export interface MethodContext extends AgentParts {
  /** Aborted when nobody waits for the result any more, or when it takes too long. */
  readonly signal: AbortSignal;
  /** Whether the caller speaks JSON-RPC 1.0, whose answers repeat what the request said. */
  readonly isVersion1: boolean;
  /** The digest of the call's idempotency key, if it has one. */
  readonly key: string | undefined;
  /** Whether an earlier call with this key was cut off, so that its work may be done in part. */
  readonly isResumed: boolean;
  /** Reports progress to a caller who listens. */
  readonly progress: (record: unknown) => void;
}

/** A method of the agent. One declaration validates its parameters, types the client, and documents it. */
export interface Method<P extends z.ZodObject = z.ZodObject, R extends z.ZodType = z.ZodType> {
  /** What the method does, in a sentence. */
  readonly summary: string;
  /** What else callers should know. */
  readonly details?: string;
  /** The parameters, by name and in the order that they have by position. */
  readonly params: P;
  /** The result. */
  readonly result: R;
  /** Whether it changes anything. A call that does can become a job and can have an idempotency key. */
  readonly changes: boolean;
  /** The guest whose calls run one after the other. */
  guest?(params: z.output<P>): string | undefined;
  /** How long it may take by default, in milliseconds; 0 for no limit. The parameters can extend it. */
  timeout?(params: z.output<P>): number;
  /** Whether it ends only when the caller leaves: such a call needs a stream. */
  readonly isEndless?: (params: z.output<P>) => boolean;
  /** The failures that it has beyond those of every method. */
  readonly failures?: readonly FailureKind[];
  /** Does the work. */
  run(params: z.output<P>, context: MethodContext): Promise<z.output<R>>;
}

/** Declares a method. */
export function method<P extends z.ZodObject, R extends z.ZodType>(declared: Method<P, R>): Method<P, R> {
  return declared;
}
