// The npm package ai, in the versions that users have, as a client of Slipway's chat: what it posts, streams, reloads and
// resumes is what Slipway stores, and it refuses no chunk of any stream.
//
//   node client.mjs --parse FOLDER            reads every recorded stream in FOLDER (*.sse)
//   node client.mjs --talk URL HEADER SESSION…  talks to a running Slipway: URL is a project's address, HEADER "Name: value",
//                                             one session per version of the package
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const VERSIONS = [5, 6, 7];

/** The state of a chat, as a user interface would keep it. */
class State {
  status = 'ready';
  error = undefined;
  messages = [];
  pushMessage = message => { this.messages = this.messages.concat(message); };
  popMessage = () => { this.messages = this.messages.slice(0, -1); };
  replaceMessage = (index, message) => { this.messages = this.messages.with(index, this.snapshot(message)); };
  snapshot = value => structuredClone(value);
}

async function load(version) {
  const ai = await import(`ai${version}`);
  class Chat extends ai.AbstractChat {
    constructor(options) { super({ ...options, state: new State() }); }
  }
  return { ...ai, Chat };
}

/** Reads a stream as the package does, with its own checks of every chunk; gives the message and the chunks' types. */
async function read(ai, stream) {
  const types = [];
  const seen = stream.pipeThrough(new TransformStream({
    transform(chunk, next) { types.push(chunk.type); next.enqueue(chunk); },
  }));
  let message, failure;
  for await (const each of ai.readUIMessageStream({ stream: seen, onError: error => { failure = error; } })) message = each;
  return { message, types, failure };
}

async function parse(folder) {
  for (const version of VERSIONS) {
    const ai = await load(version);
    const files = fs.readdirSync(folder).filter(file => file.endsWith('.sse')).sort();
    assert.ok(files.length > 0, `no streams in ${folder}`);
    for (const file of files) {
      const body = fs.readFileSync(path.join(folder, file));
      const transport = new ai.DefaultChatTransport({
        fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
      });
      const stream = await transport.sendMessages({ chatId: 'c', trigger: 'submit-message', messages: [] });
      const { message, types, failure } = await read(ai, stream);
      const isError = types.at(-1) === 'error';
      assert.ok(isError || !failure, `${file} in ai ${version}: ${failure}`);
      assert.equal(types[0], 'start', `${file} in ai ${version}`);
      assert.ok(['finish', 'abort', 'error'].includes(types.at(-1)), `${file} in ai ${version} ends in ${types.at(-1)}`);
      if (message) await ai.validateUIMessages({ messages: [message] });
    }
    console.log(`ai ${version}: ${files.length} recorded streams parsed`);
  }
}

const text = message => message.parts.filter(part => part.type === 'text').map(part => part.text).join('');

async function talk(url, header, sessions) {
  const [name, value] = [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1).trim()];
  const headers = { [name]: value };
  const get = async where => (await fetch(url + where, { headers })).json();
  for (const [index, version] of VERSIONS.entries()) {
    const ai = await load(version);
    const id = sessions[index];
    const transport = new ai.DefaultChatTransport({ api: `${url}/chat`, headers });
    const chat = new ai.Chat({ id, transport });
    const failures = [];
    chat.onError = error => failures.push(error);

    // Posts and streams.
    await chat.sendMessage({ text: 'say 5 1' });
    assert.equal(chat.status, 'ready', `${chat.error}`);
    assert.equal(chat.messages.length, 2);
    assert.match(text(chat.messages[1]), /^tick 0 .*tick 4 /s);

    // Reloads: what is stored passes the package's own check and is what was streamed.
    const stored = (await get(`/sessions/${id}/messages`)).messages;
    await ai.validateUIMessages({ messages: stored });
    assert.deepEqual(stored.map(message => message.id), chat.messages.map(message => message.id));
    assert.equal(text(stored[1]), text(chat.messages[1]));

    // A tool call that somebody has to allow.
    const asked = chat.sendMessage({ text: 'ask' });
    let request;
    while (!request) {
      [request] = (await get(`/chat/${id}/requests`)).requests;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await fetch(`${url}/chat/${id}/requests/${request.id}`, {
      method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ optionId: 'allow' }),
    });
    await asked;
    const tool = chat.messages.at(-1).parts.find(part => part.type === 'dynamic-tool');
    assert.equal(tool.state, 'output-available', JSON.stringify(chat.messages.at(-1).parts));
    assert.ok(chat.messages.at(-1).parts.some(part => part.type === 'data-permission'));

    // Another answer to the same message takes the old one's place.
    const before = chat.messages.at(-1).id;
    const other = chat.regenerate();
    request = undefined;
    while (!request) {
      [request] = (await get(`/chat/${id}/requests`)).requests;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await fetch(`${url}/chat/${id}/requests/${request.id}`, {
      method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ optionId: 'reject' }),
    });
    await other;
    assert.equal(chat.messages.length, 4);
    assert.notEqual(chat.messages.at(-1).id, before);
    assert.equal((await get(`/sessions/${id}/messages`)).messages.length, 4);

    // Resumes: a second client that knows nothing of the turn gets it from its start.
    const slow = chat.sendMessage({ text: 'say 40 50' });
    await new Promise(resolve => setTimeout(resolve, 500));
    const second = new ai.Chat({ id, transport: new ai.DefaultChatTransport({ api: `${url}/chat`, headers }) });
    await second.resumeStream();
    await slow;
    assert.deepEqual(second.messages.at(-1).parts, chat.messages.at(-1).parts);
    assert.equal(second.messages.at(-1).id, chat.messages.at(-1).id);
    assert.equal(await transport.reconnectToStream({ chatId: id }), null);
    assert.deepEqual(failures, []);
    console.log(`ai ${version}: posts, streams, reloads, regenerates and resumes`);
  }
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--parse') await parse(rest[0]);
else if (mode === '--talk') await talk(rest[0], rest[1], rest.slice(2));
else throw new Error('usage: see the head of this file');
