// Runs in a sandbox: asks a host every 20 ms, in three ways at once, until it is ended: node - HOST SECONDS
//   fresh   a connection for each request
//   kept    one connection of HTTP/1.1
//   streams one connection of HTTP/2
// What fails is not repeated; a connection that is gone is opened again, with another number.
import http from 'node:http';
import http2 from 'node:http2';
import tls from 'node:tls';

const [host, seconds] = process.argv.slice(2);
const proxy = new URL(process.env.https_proxy ?? process.env.HTTPS_PROXY);
const EVERY = 20;
const AT_ONCE = 25;
let failures = 0;
function failed(error) {
  if (failures++ < 10) console.log(`${error}`);
}

function tunnel(protocols) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: `${host}:443`, headers: { host: `${host}:443` }, timeout: 5000 });
    request.on('connect', (answer, socket, head) => {
      if (answer.statusCode !== 200) return reject(new Error(`CONNECT ${answer.statusCode} ${head}`));
      const secured = tls.connect({ socket, servername: host, ALPNProtocols: protocols }, () => resolve(secured));
      secured.on('error', reject);
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.end();
  });
}

const shown = (kind, connection) => ({ authorization: 'Bearer slipway-placeholder', 'x-kind': kind, 'x-connection': `${connection}` });

function overHttp1(kind, connection, agent) {
  return new Promise((resolve, reject) => {
    const request = http.request({ path: '/', headers: { host, ...shown(kind, connection) }, agent }, answer => {
      answer.resume().on('end', resolve).on('error', reject);
    });
    request.on('error', reject).end();
  });
}

function agentOf(options, connect) {
  const agent = new http.Agent({ maxSockets: 1, ...options });
  agent.createConnection = (_, opened) => { connect().then(socket => opened(null, socket), opened); };
  return agent;
}

async function every(turn) {
  let running = 0;
  for (const end = Date.now() + 1000 * seconds; Date.now() < end;) {
    if (running < AT_ONCE) {
      running++;
      turn().catch(failed).finally(() => running--);
    }
    await new Promise(resolve => setTimeout(resolve, EVERY));
  }
}

let freshOnes = 0;
const fresh = () => every(async () => {
  const agent = agentOf({ keepAlive: false }, () => tunnel(['http/1.1']));
  await overHttp1('fresh', ++freshOnes, agent);
  agent.destroy();
});

let keptOnes = 0;
const keeping = agentOf({ keepAlive: true }, () => {
  keptOnes++;
  return tunnel(['http/1.1']);
});
const kept = () => every(() => overHttp1('kept', keptOnes, keeping));

let sessionOnes = 0;
let session = null;
async function open() {
  const socket = await tunnel(['h2']);
  const opened = http2.connect(`https://${host}`, { createConnection: () => socket });
  opened.number = ++sessionOnes;
  opened.on('error', () => {}).on('close', () => { session = null; });
  return opened;
}
const streams = () => every(async () => {
  session ??= open().catch(error => { session = null; throw error; });
  const opened = await session;
  await new Promise((resolve, reject) => {
    const stream = opened.request({ ':path': '/', ...shown('streams', opened.number) });
    stream.on('error', reject).on('end', resolve).resume();
    stream.end();
  });
});

process.on('uncaughtException', failed);
await Promise.all([fresh(), kept(), streams()]);
console.log(JSON.stringify({ failures }));
process.exit(0);
