/** Settings of one call of an agent's client. @category Agent */
export interface AgentCallOptions {
  /** Aborts the call. The agent aborts its work as well. */
  signal?: AbortSignal | undefined;
  /** How long the call may take, in milliseconds. No limit by default: the agent has limits of its own. */
  timeout?: number | undefined;
  /** A key under which the agent does the work only once, whatever happens to the connection or to the agent. */
  idempotencyKey?: string | undefined;
}
