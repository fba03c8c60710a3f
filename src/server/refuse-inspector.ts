import { url } from 'node:inspector';
import { StartError } from './first-admin.ts';

/**
 * A debugger reads every key that passes through memory, and whoever reaches its port is a debugger. Throws a
 * StartError where one is open.
 */
export function refuseInspector(): void {
  if (url() !== undefined) {
    throw new StartError(
      'the inspector is open, and with it every key in memory: start without --inspect (see NODE_OPTIONS)',
    );
  }
}
