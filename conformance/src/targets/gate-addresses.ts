interface Address {
  readonly host: string;
  readonly port: number;
}

/** Which gate stands before which server: clients that are told of a server must find its gate. */
export interface GateAddresses {
  add(server: Address, gate: Address): void;
  /** For the `rewriteAddress` of every gate. Servers without a gate keep their address. */
  readonly rewrite: (host: string, port: number) => { host: string; port: number };
}

export function gateAddresses(): GateAddresses {
  // All servers listen on loopback, so ports tell them apart.
  const gates = new Map<number, { host: string; port: number }>();
  return {
    add: (server, gate) => gates.set(server.port, { host: gate.host, port: gate.port }),
    rewrite: (host, port) => gates.get(port) ?? { host, port },
  };
}
