import { createServer } from 'node:net';

/** The floor of node:net: whatever comes goes back as it is. */
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
createServer({ noDelay: true }, socket => {
  socket.on('data', chunk => socket.write(chunk));
  socket.on('error', () => socket.destroy());
}).listen(port, '127.0.0.1');
