import { DockerError } from "../../index.js";

/** What an agent says about a failure. @category Agent */
export interface AgentFailure {
  /** Code of JSON-RPC 2.0. */
  readonly code: number;
  /** The sentence of the agent. */
  readonly message: string;
  /** Facts about it. */
  readonly data?: AgentFailureData | undefined;
}

/** The facts about a failure. @category Agent */
export interface AgentFailureData {
  /** Kind of the failure, such as `notFound`. */
  readonly kind?: string | undefined;
  /** HTTP status of the engine's response. */
  readonly engineStatus?: number | undefined;
  /** ID of the container or guest. */
  readonly containerId?: string | undefined;
  /** Seconds after which a retry may succeed. */
  readonly retryAfter?: number | undefined;
  /** State that the guest should have. */
  readonly expected?: string | undefined;
  /** State that the guest has. */
  readonly actual?: string | undefined;
  /** Rule of the policy that refused the call. */
  readonly rule?: string | undefined;
  /** Where in the parameters the problem is. */
  readonly path?: string | undefined;
  /** What is wrong with a request, where the message is only that of JSON-RPC. */
  readonly reason?: string | undefined;
}

/** The base class of the errors of {@link AgentClient}. @category Agent */
export class AgentError extends DockerError {
  override name = "AgentError";
  override readonly code: string = "ERR_AGENT";
}

/** The agent is not reachable, or the connection broke before the answer. @category Agent */
export class AgentConnectionError extends AgentError {
  override name = "AgentConnectionError";
  override readonly code: string = "ERR_AGENT_CONNECTION";
}

/** The agent refuses the caller: the token, the certificate or the host name is wrong. @category Agent */
export class AgentAccessError extends AgentError {
  override name = "AgentAccessError";
  override readonly code: string = "ERR_AGENT_ACCESS";
}

/** Something answers that is no agent. @category Agent */
export class AgentProtocolError extends AgentError {
  override name = "AgentProtocolError";
  override readonly code: string = "ERR_AGENT_PROTOCOL";
}

/** The agent answered a call with a failure. @category Agent */
export class AgentCallError extends AgentError {
  override name = "AgentCallError";
  override readonly code: string = "ERR_AGENT_CALL";
  /** Code of JSON-RPC 2.0, such as -32004. */
  readonly rpcCode: number;
  /** Facts about the failure. */
  readonly data: AgentFailureData;

  /**
   * @param method - the method that was called.
   * @param failure - what the agent says.
   * @param endpoint - the agent.
   */
  constructor(method: string, failure: AgentFailure, endpoint: string) {
    super(`${method}: ${failure.message}${failure.data?.reason === undefined ? "" : `: ${failure.data.reason}`}`, {
      operation: method,
      endpoint,
    });
    this.rpcCode = failure.code;
    this.data = failure.data ?? {};
  }
}

/** The guest, image, network, volume or job does not exist. @category Agent */
export class AgentNotFoundError extends AgentCallError {
  override name = "AgentNotFoundError";
  override readonly code: string = "ERR_AGENT_NOT_FOUND";
}

/** The state of the object does not allow the call. @category Agent */
export class AgentConflictError extends AgentCallError {
  override name = "AgentConflictError";
  override readonly code: string = "ERR_AGENT_CONFLICT";
}

/** The parameters are invalid; `data.path` says where. @category Agent */
export class AgentParamsError extends AgentCallError {
  override name = "AgentParamsError";
  override readonly code: string = "ERR_AGENT_PARAMS";
}

/** The agent does not know the method. @category Agent */
export class AgentMethodError extends AgentCallError {
  override name = "AgentMethodError";
  override readonly code: string = "ERR_AGENT_METHOD";
}

/** The guest has another state than the call should have given it: `data.expected` and `data.actual`. @category Agent */
export class UnexpectedGuestStateError extends AgentCallError {
  override name = "UnexpectedGuestStateError";
  override readonly code: string = "ERR_UNEXPECTED_GUEST_STATE";
}

/** Too many calls wait, or the agent is shutting down; `data.retryAfter` says when to try again. @category Agent */
export class AgentBusyError extends AgentCallError {
  override name = "AgentBusyError";
  override readonly code: string = "ERR_AGENT_BUSY";
}

/** The call took longer than its method may. @category Agent */
export class AgentTimeoutError extends AgentCallError {
  override name = "AgentTimeoutError";
  override readonly code: string = "ERR_AGENT_TIMEOUT";
}

/** The policy of the agent does not allow the call; `data.rule` says which rule. @category Agent */
export class AgentPolicyError extends AgentCallError {
  override name = "AgentPolicyError";
  override readonly code: string = "ERR_AGENT_POLICY";
}

/** The engine or a registry refused the credentials. @category Agent */
export class AgentCredentialsError extends AgentCallError {
  override name = "AgentCredentialsError";
  override readonly code: string = "ERR_AGENT_CREDENTIALS";
}

/** The engine failed, or the agent cannot reach it. @category Agent */
export class AgentEngineError extends AgentCallError {
  override name = "AgentEngineError";
  override readonly code: string = "ERR_AGENT_ENGINE";
}

/** The call or the job was canceled. @category Agent */
export class AgentCanceledError extends AgentCallError {
  override name = "AgentCanceledError";
  override readonly code: string = "ERR_AGENT_CANCELED";
}

/** The class for each code. */
const CLASSES = new Map<number, typeof AgentCallError>([
  [-32601, AgentMethodError],
  [-32602, AgentParamsError],
  [-32000, AgentEngineError],
  [-32001, AgentCredentialsError],
  [-32004, AgentNotFoundError],
  [-32009, AgentConflictError],
  [-32022, UnexpectedGuestStateError],
  [-32029, AgentBusyError],
  [-32030, AgentTimeoutError],
  [-32031, AgentPolicyError],
  [-32032, AgentCanceledError],
]);

/** Returns the error for a failure of a call. */
export function callError(method: string, failure: AgentFailure, endpoint: string): AgentCallError {
  const Class = CLASSES.get(failure.code) ?? AgentCallError;
  return new Class(method, failure, endpoint);
}
