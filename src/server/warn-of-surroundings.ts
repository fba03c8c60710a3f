import { readFileSync } from 'node:fs';

export interface WarnLog {
  warn(fields: object, message: string): void;
}

const oldestPatchedNodeMajor = 22;

/** Says at the start what an operator should change around this process; of variables, which ones set nothing. */
export function warnOfSurroundings(log: WarnLog, unknownVariables: readonly string[] = []): void {
  if (Number(process.versions.node.split('.')[0]) < oldestPatchedNodeMajor) {
    log.warn({ node: process.version }, 'this Node.js gets no security fixes any more: run 24.18.1 or newer');
  }
  if (coreDumpsAreOn()) {
    log.warn({}, 'core dumps are on, and would write keys that are in memory to a disk: set ulimit -c 0');
  }
  if (unknownVariables.length > 0) {
    log.warn(
      { variables: unknownVariables },
      'these variables begin as our settings do and set nothing; where they are service links of Kubernetes, enableServiceLinks: false keeps them out',
    );
  }
}

/** By the soft limit that Linux tells; elsewhere nothing is known, and nothing said. */
function coreDumpsAreOn(): boolean {
  try {
    const limit = /^Max core file size\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit !== undefined && limit !== '0';
  } catch {
    return false;
  }
}
