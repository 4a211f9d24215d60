// A host behind TLS, HTTP/1.1 and HTTP/2, that notes what each request showed: node recorder.mjs STORE.p12
import http2 from 'node:http2';
import fs from 'node:fs';

const server = http2.createSecureServer(
  { pfx: fs.readFileSync(process.argv[2]), passphrase: 'changeit', allowHTTP1: true, keepAliveTimeout: 60_000 },
  (request, response) => {
    const { authorization = '', 'x-kind': kind = '', 'x-connection': connection = '' } = request.headers;
    process.stdout.write(JSON.stringify({ at: Date.now(), kind, connection, http: request.httpVersion, shown: authorization }) + '\n');
    response.setHeader('content-type', 'text/plain');
    response.end('noted');
  });
server.listen(0, '127.0.0.1', () => process.stdout.write(JSON.stringify({ port: server.address().port }) + '\n'));
// As the first process of a container it would ignore the signal otherwise.
process.on('SIGTERM', () => process.exit(0));
