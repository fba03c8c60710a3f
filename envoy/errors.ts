/** No Envoy can be had; the message says what to do. */
export class EnvoyNotFoundError extends Error {
  override readonly name = 'EnvoyNotFoundError';
}

/** Envoy did not come up; the message holds the end of its log. */
export class EnvoyStartError extends Error {
  override readonly name: string = 'EnvoyStartError';
}

/** A port of the configuration is in use; the message names it and what to change. */
export class PortTakenError extends EnvoyStartError {
  override readonly name = 'PortTakenError';
  readonly port: number;
  /** `admin`, or the listener's name. */
  readonly listener: string;

  constructor(listener: string, port: number) {
    super(
      `Port ${port} for Envoy's ${listener} is in use. End what listens there, or give the ${listener} another port.`,
    );
    this.port = port;
    this.listener = listener;
  }
}
