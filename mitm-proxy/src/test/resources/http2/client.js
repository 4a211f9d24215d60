// A client of HTTP/2 for tests: node client.js <proxy port> <ca.pem> <host> <deed>. Goes through CONNECT and prints what it saw.
const http2 = require('http2');
const http = require('http');
const tls = require('tls');
const fs = require('fs');
const [port, ca, host, deed] = process.argv.slice(2);
const connect = http.request({ host: '127.0.0.1', port, method: 'CONNECT', path: host + ':443', headers: { host: host + ':443' } });
const fail = error => { console.log('error ' + error.message); process.exit(1); };
connect.on('error', fail);
connect.on('connect', (_, socket) => {
  const secure = tls.connect({ socket, servername: host, ca: fs.readFileSync(ca), ALPNProtocols: ['h2'] }, () => {
    const session = http2.connect('https://' + host, { createConnection: () => secure });
    session.on('error', fail);
    deeds[deed](session, () => session.close());
  });
  secure.on('error', fail);
});
connect.end();
const show = (stream, name) => {
  stream.on('response', (headers, flags) => console.log(name, 'head', headers[':status'], headers['grpc-status'] || '-', 'ended', (flags & 1) === 1));
  stream.on('trailers', headers => console.log(name, 'trailers', headers['grpc-status'], headers['x-te'] || ''));
  stream.on('error', error => console.log(name, 'error', error.message));
};
const deeds = {
  unary(session, done) {
    const stream = session.request({ ':path': '/grpc', ':method': 'POST', te: 'trailers' });
    show(stream, 'unary');
    let body = '';
    stream.on('data', piece => { body += piece; });
    stream.on('close', () => { console.log('unary body', body); done(); });
    stream.end('message');
  },
  fails(session, done) {
    const stream = session.request({ ':path': '/grpc-fails', ':method': 'POST', te: 'trailers' });
    show(stream, 'fails');
    stream.resume();
    stream.on('close', done);
    stream.end('message');
  },
  // Each message is sent only after the one before has come back, so nothing may wait for the end.
  bidi(session, done) {
    const stream = session.request({ ':path': '/grpc', ':method': 'POST', te: 'trailers' });
    show(stream, 'bidi');
    let sent = 1;
    stream.on('data', piece => {
      console.log('bidi got', String(piece));
      if (sent < 3) stream.write('m' + ++sent); else stream.end();
    });
    stream.on('close', done);
    stream.write('m1');
  },
  trailers(session, done) {
    const stream = session.request({ ':path': '/grpc', ':method': 'POST' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
    show(stream, 'trailers');
    stream.resume();
    stream.on('close', done);
    stream.end('x');
  },
  events(session, done) {
    const stream = session.request({ ':path': '/events', accept: 'text/event-stream' });
    stream.on('response', headers => console.log('events', headers['content-type']));
    stream.on('error', fail);
    let first = true;
    stream.on('data', piece => {
      console.log('events got', String(piece).trim());
      if (first) { first = false; session.request({ ':path': '/next-event' }).end(); }
    });
    stream.on('end', () => console.log('events end'));
    stream.on('close', done);
    stream.end();
  },
  many(session, done) {
    let left = 40;
    const bodies = new Set();
    for (let i = 0; i < 40; i++) {
      const stream = session.request({ ':path': '/slow?' + i });
      let body = '';
      stream.on('data', piece => { body += piece; });
      stream.on('error', error => { body = error.message; });
      stream.on('close', () => { bodies.add(body); if (--left === 0) { console.log('many', [...bodies].join(',')); done(); } });
      stream.end();
    }
  },
  // One stream is never read; another one on the same connection must not care.
  stalled(session, done) {
    const idle = session.request({ ':path': '/endless' });
    idle.on('error', () => {});
    idle.end();
    setTimeout(() => {
      const quick = session.request({ ':path': '/hello' });
      let body = '';
      quick.on('data', piece => { body += piece; });
      quick.on('close', () => { console.log('stalled', body); idle.close(http2.constants.NGHTTP2_CANCEL); done(); });
      quick.end();
    }, 500);
  },
  leaves(session, done) {
    const stream = session.request({ ':path': '/endless' });
    stream.on('error', () => {});
    stream.once('data', () => { stream.close(http2.constants.NGHTTP2_CANCEL); setTimeout(done, 200); });
    stream.end();
  },
};
