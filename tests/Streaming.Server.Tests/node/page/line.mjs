// A line between the browser and the server that can break: then all that is on it is cut, and nothing gets through until it is mended.
import http from 'node:http';
import { once } from 'node:events';

/** @param url Of the server. */
export async function openLine(url) {
  const server = new URL(url);
  const sockets = new Set();
  let isBroken = false;
  const line = {
    /** Sends the body of a request onward; another way may be put in its place. */
    pass: (request, onward) => request.pipe(onward),
    cut() {
      isBroken = true;
      sockets.forEach((socket) => socket.destroy());
    },
    mend() {
      isBroken = false;
    },
    close() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
  const proxy = http.createServer((request, response) => {
    const onward = http.request({ host: server.hostname, port: server.port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    line.pass(request, onward);
  });
  proxy.on('connection', (socket) => {
    if (isBroken)
      return socket.destroy();
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket));
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  line.url = `http://127.0.0.1:${proxy.address().port}/`;
  return line;
}
