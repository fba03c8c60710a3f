import { connect } from 'node:net';

/** Longest wait for an answer to what may get none, in milliseconds. */
const quietMs = 2000;

/** Sends bytes as they are; answers all that came back until the gateway closed, or fell silent after `isDone` or for long. */
export function sendRaw(
  port: number,
  bytes: Buffer | string,
  isDone: (answer: string) => boolean = () => false,
  limitMs = quietMs,
): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, limitMs);
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', chunk => {
      answer += chunk.toString('latin1');
      if (isDone(answer)) end();
    });
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  });
}

/** One request by its lines, as they are, and its body; answers the status, or 0 where there was none. */
export async function sendHead(port: number, lines: readonly string[], body = '', limitMs = 30_000): Promise<number> {
  const answer = await sendRaw(
    port,
    `${lines.join('\r\n')}\r\n\r\n${body}`,
    text => text.includes('\r\n\r\n'),
    limitMs,
  );
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
