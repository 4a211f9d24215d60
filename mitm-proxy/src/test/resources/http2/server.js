// A server of HTTP/2 for tests: node server.js <key.pem> <chain.pem> <streams at once> [h1]. Prints its port. With "h1" it speaks both versions.
const http2 = require('http2');
const fs = require('fs');
const [key, cert, limit, also] = process.argv.slice(2);
const server = http2.createSecureServer({
  key: fs.readFileSync(key), cert: fs.readFileSync(cert), allowHTTP1: also === 'h1',
  settings: { maxConcurrentStreams: Number(limit) },
});
const stats = { connections: 0, streams: 0, most: 0, now: 0, reset: 0, posts: 0, refused: 0 };
let refused = false;
let events = null;
server.on('secureConnection', () => stats.connections++);
server.on('session', session => { session.setLocalWindowSize(1 << 20); session.on('error', () => {}); });
server.on('sessionError', () => {});
if (also === 'h1') server.on('request', (request, response) => {
  if (request.httpVersion === '1.1') {
    request.resume();
    request.on('end', () => response.end('one'));
  }
});
server.on('stream', (stream, headers) => {
  const path = headers[':path'].split('?')[0];
  stats.streams++; stats.now++; stats.most = Math.max(stats.most, stats.now);
  stream.on('error', () => {});
  stream.on('close', () => { stats.now--; if (stream.rstCode) stats.reset++; });
  const ok = more => stream.respond({ ':status': 200, ...more });
  if (path === '/seen') {
    ok({ 'content-type': 'application/json' });
    stream.end(JSON.stringify(headers));
  } else if (path === '/stats') {
    ok(); stream.end(JSON.stringify(stats));
  } else if (path === '/early') {
    stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' });
    ok(); stream.end('late');
  } else if (path === '/events') {
    ok({ 'content-type': 'text/event-stream' });
    stream.write('data: 1\n\n');
    events = stream;
  } else if (path === '/next-event') {
    ok(); stream.end();
    if (events) events.end('data: 2\n\n');
  } else if (path === '/slow') {
    setTimeout(() => { ok(); stream.end('slow'); }, 200);
  } else if (path === '/grpc') {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-te': headers.te || 'none' }));
    stream.on('data', piece => stream.write(piece));
    stream.on('end', () => stream.end());
  } else if (path === '/grpc-fails') {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5', 'grpc-message': 'nope' }, { endStream: true });
  } else if (path === '/empty') {
    stream.respond({ ':status': 204 }, { endStream: true });
  } else if (path === '/refused-once') {
    if (!refused) { refused = true; stats.refused++; stream.close(http2.constants.NGHTTP2_REFUSED_STREAM); } else { ok(); stream.end('second try'); }
  } else if (path === '/goaway-once') {
    if (!refused) {
      refused = true; stats.refused++;
      stream.session.goaway(0, Math.max(0, stream.id - 2));
    } else { ok(); stream.end('other connection'); }
  } else if (path === '/broken') {
    ok(); stream.write('half'); setTimeout(() => stream.session.destroy(), 50);
  } else if (path === '/post-broken') {
    stats.posts++; stream.resume(); stream.on('end', () => stream.session.destroy());
  } else if (path === '/endless') {
    ok();
    const piece = Buffer.alloc(16384);
    const more = () => { while (!stream.destroyed && stream.write(piece)); };
    stream.on('drain', more); more();
  } else if (path === '/big') {
    ok({ 'content-length': 10000000 });
    let left = 10000000;
    const more = () => { while (left > 0 && !stream.destroyed) { const n = Math.min(left, 16384); left -= n; if (!stream.write(Buffer.alloc(n, 'x'))) return; } if (left === 0) stream.end(); };
    stream.on('drain', more); more();
  } else if (path === '/count') {
    let bytes = 0;
    stream.on('data', piece => { bytes += piece.length; });
    stream.on('end', () => { ok(); stream.end(String(bytes)); });
  } else {
    ok(); stream.end('two');
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
