// The whole page: streams and films as they are, uploads, and questions. Text from elsewhere only ever becomes text nodes.
import { readEvents } from '/events.js';

const MILLISECONDS_BETWEEN_LOOKS = 2000;
const $ = (id) => document.getElementById(id);

/** An element with a class, a text and children. */
function make(tag, className = '', text = '', ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  element.append(...children);
  return element;
}

/** Sets what differs, so that nothing flickers and nothing is read out twice. */
function setText(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

async function get(path) {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  if (!response.ok)
    throw Object.assign(new Error(await reason(response)), { status: response.status });
  return response.json();
}

/** What a failed response says, in words. */
async function reason(response) {
  try {
    return (await response.json()).detail ?? response.statusText;
  } catch {
    return `${response.status} ${response.statusText}`;
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0'));
  return `${whole >= 3600 ? `${Math.floor(whole / 3600)}:` : ''}${parts.join(':')}.${Math.floor((seconds % 1) * 10)}`;
}

const count = (number) => number.toLocaleString('en');

const sizes = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

/** Brings a list to the given items: one <li> for each key, made once, updated each time, removed when its item is gone. */
function keep(list, items, keyOf, build, update) {
  const present = new Map([...list.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = keyOf(item);
    const row = present.get(key) ?? build(item);
    row.dataset.key = key;
    present.delete(key);
    if (list.children[index] !== row)
      list.insertBefore(row, list.children[index] ?? null);
    update(row, item);
  });
  present.forEach((row) => row.remove());
}

function setState(chip, state) {
  chip.className = `state ${state}`;
  setText(chip, state);
}

function askButton(value) {
  const button = make('button', 'plain', 'Ask');
  button.type = 'button';
  button.addEventListener('click', () => {
    $('source').value = value;
    $('question').focus();
  });
  return button;
}

function buildStream(stream) {
  const head = make('p', 'head', '', make('span', 'name', stream.name), make('span', 'state'));
  const ask = askButton(`/v1/streams/${encodeURIComponent(stream.name)}`);
  ask.setAttribute('aria-label', `Ask ${stream.name}`);
  return make('li', '', '', make('div', 'nothing', 'no picture yet'), make('div', 'words', '', head, make('p', 'facts'), make('p', 'note'), ask));
}

function updateStream(row, stream) {
  setState(row.querySelector('.state'), stream.state);
  const age = stream.last_frame_age_seconds === null ? '' : `last frame ${stream.last_frame_age_seconds.toFixed(1)} s ago · `;
  const size = stream.width ? `${stream.width}×${stream.height} ${stream.codec} · ` : '';
  setText(row.querySelector('.facts'), `${age}${size}${count(stream.frames.kept)} keyframes · ${count(stream.visual_tokens.remembered)} visual tokens remembered`);
  setText(row.querySelector('.note'), [stream.state === 'running' ? null : stream.last_error, ...stream.notes].filter(Boolean).join(' · '));
  showLast(row, stream).catch(() => {});
}

/** The newest keyframe; asked for only when another one was kept. */
async function showLast(row, stream) {
  const kept = String(stream.frames.kept);
  if (row.dataset.kept === kept || kept === '0')
    return;
  row.dataset.kept = kept;
  const [last] = (await get(`/v1/streams/${encodeURIComponent(stream.name)}/keyframes?most=1`)).keyframes.slice(-1);
  if (!last)
    return;
  const picture = make('img');
  picture.src = last.picture;
  picture.alt = `${stream.name}, keyframe at ${clock(last.seconds)}`;
  await picture.decode();
  row.firstChild.replaceWith(picture);
}

function buildFile(file) {
  const ask = askButton(`/v1/files/${encodeURIComponent(file.id)}`);
  ask.setAttribute('aria-label', `Ask ${file.name}`);
  const bar = make('progress');
  bar.setAttribute('aria-label', `Reading ${file.name}`);
  return make('li', '', '', make('p', 'head', '', make('span', 'name', file.name), make('span', 'state')), make('p', 'facts'), bar, make('p', 'note'), ask);
}

function updateFile(row, file) {
  setState(row.querySelector('.state'), file.state);
  const length = file.duration_seconds === null ? '' : ` · ${clock(file.duration_seconds)}`;
  const eta = file.eta_seconds === null ? '' : ` · ${Math.ceil(file.eta_seconds)} s left`;
  setText(row.querySelector('.facts'), `${sizes(file.size_bytes)}${length} · ${count(file.frames.kept)} keyframes${eta}`);
  setText(row.querySelector('.note'), file.problem ?? '');
  const bar = row.querySelector('progress');
  bar.hidden = !['queued', 'ingesting'].includes(file.state);
  if (file.duration_seconds)
    [bar.max, bar.value] = [file.duration_seconds, Math.min(file.ingested_seconds, file.duration_seconds)];
}

/** Gives a choice these [value, text] pairs and keeps what is chosen. */
function offer(select, wanted) {
  if (JSON.stringify(wanted) === select.dataset.wanted)
    return;
  const chosen = select.value;
  select.replaceChildren(...wanted.map(([value, text]) => new Option(text, value, false, value === chosen)));
  select.dataset.wanted = JSON.stringify(wanted);
}

/** What can be asked, and what a new stream can play. */
function updateSources(streams, files) {
  offer($('source'), [
    ['', 'all streams'],
    ...streams.map((stream) => [`/v1/streams/${encodeURIComponent(stream.name)}`, `stream ${stream.name}`]),
    ...files.map((file) => [`/v1/files/${encodeURIComponent(file.id)}`, `film ${file.name}`]),
  ]);
  offer($('plays'), [['', 'a camera'], ...files.map((file) => [file.id, `film ${file.name}`])]);
  updateAddress();
}

/** Only a camera has an address. */
function updateAddress() {
  const isCamera = $('plays').value === '';
  [$('address').hidden, $('address').disabled, document.querySelector('label[for=address]').hidden] = [!isCamera, !isCamera, !isCamera];
}

async function look() {
  try {
    const [{ streams }, { files }, models] = await Promise.all([get('/v1/streams'), get('/v1/files'), get('/v1/models')]);
    keep($('streams'), streams, (stream) => stream.name, buildStream, updateStream);
    keep($('files'), files, (file) => file.id, buildFile, updateFile);
    $('no-streams').hidden = streams.length > 0;
    updateSources(streams, files);
    setText($('server'), `model ${models.data[0].id}`);
    showSignIn(false);
  } catch (error) {
    showSignIn(error.status === 401);
    setText($('server'), error.status === 401 ? 'this server asks for a key' : `the server does not answer (${error.message})`);
  }
}

function showSignIn(isNeeded) {
  $('sign-in').hidden = !isNeeded;
  document.querySelector('main').hidden = isNeeded;
}

async function lookForEver() {
  if (!document.hidden)
    await look();
  setTimeout(lookForEver, MILLISECONDS_BETWEEN_LOOKS);
}

function showCitations(citations) {
  $('citations').replaceChildren(...citations.map((citation) => {
    const when = `${clock(citation.start_seconds)} – ${clock(citation.end_seconds)}`;
    const link = make('a');
    link.href = citation.keyframe;
    link.target = '_blank';
    link.rel = 'noopener';
    const picture = make('img');
    picture.src = citation.keyframe;
    picture.alt = `${citation.stream ?? 'the film'} at ${clock(citation.end_seconds)}`;
    link.append(picture);
    const words = make('div', 'words', '', make('p', 'name', citation.stream ?? 'film'), make('p', 'facts', when));
    if (citation.start)
      words.append(make('p', 'facts', new Date(citation.start).toLocaleString()));
    return make('li', '', '', link, words);
  }));
}

function showAnswer(answer, milliseconds) {
  setText($('answer'), answer.answer);
  const { visual_tokens_kept: kept, visual_tokens_source: source } = answer.usage;
  const cost = `read ${count(kept)} of ${count(source)} visual tokens in ${(milliseconds / 1000).toFixed(2)} s`;
  setText($('cost'), [cost, ...answer.gaps.map((gap) => gap.text)].join('; '));
  showCitations(answer.citations);
}

function fail(words) {
  $('answer').classList.add('failed');
  setText($('answer'), words);
}

async function ask(question, source, signal) {
  const start = performance.now();
  const response = await fetch(`${source || '/v1'}/ask`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify({ question }),
    signal,
  });
  if (!response.ok)
    return fail(await reason(response));
  for await (const { name, data } of readEvents(response)) {
    if (name === 'text')
      $('answer').append(data.text);
    else if (name === 'answer')
      showAnswer(data, performance.now() - start);
    else if (name === 'problem')
      fail(data.detail);
  }
}

$('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  const stop = new AbortController();
  $('stop').onclick = () => stop.abort();
  [$('send').disabled, $('stop').hidden, $('answer-box').hidden] = [true, false, false];
  $('answer').className = '';
  ['answer', 'cost', 'citations'].forEach((id) => $(id).replaceChildren());
  setText($('asked'), $('question').value);
  try {
    await ask($('question').value, $('source').value, stop.signal);
  } catch (error) {
    if (error.name !== 'AbortError')
      fail(`the answer broke off (${error.message})`);
  }
  [$('send').disabled, $('stop').hidden] = [false, true];
});

/** What came of a form, in words. */
function say(id, words, isFailure = false) {
  $(id).classList.toggle('failed', isFailure);
  setText($(id), words);
}

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const response = await fetch('/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ key: $('key').value }) });
  say('sign-in-state', response.ok ? '' : await reason(response), !response.ok);
  form.reset();
  await look();
});

$('plays').addEventListener('change', updateAddress);

$('declare').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector('button');
  const name = $('name').value.trim();
  button.disabled = true;
  try {
    const response = await fetch('/v1/streams', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify($('plays').value ? { name, file: $('plays').value } : { name, url: $('address').value.trim() }),
    });
    say('declare-state', response.ok ? `${name} is there` : await reason(response), !response.ok);
    if (response.ok)
      form.reset();
  } catch (error) {
    say('declare-state', `the server does not answer (${error.message})`, true);
  }
  button.disabled = false;
  await look();
});

/** fetch does not tell how much of a body was sent; XMLHttpRequest does. */
function upload(form) {
  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => {
    $('sent').value = loaded / total;
    say('upload-state', `${sizes(loaded)} of ${sizes(total)}`);
  };
  return new Promise((resolve) => {
    request.onloadend = () => resolve(request);
    request.open('POST', '/v1/files');
    request.responseType = 'json';
    request.send(new FormData(form));
  });
}

$('upload').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector('button');
  [button.disabled, $('sent').hidden, $('sent').value] = [true, false, 0];
  const { status, response } = await upload(form);
  [button.disabled, $('sent').hidden] = [false, true];
  say('upload-state', status === 201 ? `${response.name} is being read` : response?.detail ?? 'the upload broke off', status !== 201);
  if (status === 201)
    form.reset();
  await look();
});

lookForEver();
