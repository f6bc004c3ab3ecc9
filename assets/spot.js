// SPDX-License-Identifier: Apache-2.0
// The inspectors' page: findings and their photos are kept on the phone (IndexedDB)
// and sent in order when there is a network. Each finding has a mark of its own, and
// the server keeps equal photos of one finding once: nothing is ever there twice.
(() => {
  const part = document.getElementById('spot');
  const form = part && part.querySelector('form');
  if (!form || !window.indexedDB || !window.fetch) return;
  const EDGE = 1600, QUALITY = 0.82, PHOTOS_MAX = 9, AGAIN_MS = 20000;
  const who = part.dataset.who;
  const box = document.getElementById('spot-waiting');
  const title = box.querySelector('b'), list = box.querySelector('ul');
  const input = form.elements.photo;
  let done = 0, trouble = '', editing = null;

  // ---- what is kept: {who, fields, place, photos: [ArrayBuffer], check, refused} ----

  const wait = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const opening = new Promise((resolve, reject) => {
    const request = indexedDB.open('jinwei-spot', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('entries', { autoIncrement: true, keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  async function store(mode, work) {
    const transaction = (await opening).transaction('entries', mode);
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = await wait(work(transaction.objectStore('entries')));
    await finished;
    return result;
  }
  const all = () => store('readonly', (s) => s.getAll());
  const put = (entry) => store('readwrite', (s) => s.put(entry));
  const remove = (key) => store('readwrite', (s) => s.delete(key));

  // ---- what is shown ----

  function row(entry) {
    const item = document.createElement('li'), place = document.createElement('b');
    place.textContent = entry.place;
    item.append(place, ` ${entry.fields.finding.slice(0, 40)}`);
    if (entry.photos.length) item.append(`（照片 ${entry.photos.length} 张）`);
    if (!entry.refused) return item;
    const why = document.createElement('p');
    why.textContent = `没有收：${entry.refused}`;
    item.append(why);
    const button = (words, work) => {
      const it = document.createElement('button');
      it.type = 'button';
      it.className = 'btn sm';
      it.textContent = words;
      it.addEventListener('click', work);
      item.append(it, ' ');
    };
    // What is wrong with a photo of a finding that has arrived is not mended by typing.
    if (!entry.check) button('拿回来改', () => edit(entry));
    button('再送一次', async () => { await put({ ...entry, refused: '' }); flush(); });
    button('不要了，删掉', async () => {
      if (confirm('这一条还没有送出，删掉就没有了。确定删掉？')) { await remove(entry.key); show(); }
    });
    return item;
  }
  // Back into the form; it stays kept until it is written again.
  function edit(entry) {
    for (const [name, value] of Object.entries(entry.fields)) {
      const field = form.elements[name];
      if (field && name !== 'sent') { if (field.type === 'checkbox') field.checked = true; else field.value = value; }
    }
    editing = entry;
    chosen.textContent = entry.photos.length ? ` 原来的 ${entry.photos.length} 张照片还在` : '';
    form.elements.finding.focus();
  }
  async function show() {
    const entries = await all(), mine = entries.filter((e) => e.who === who), others = entries.length - mine.length;
    const photos = mine.reduce((n, e) => n + e.photos.length, 0);
    box.hidden = !entries.length && !done;
    box.classList.toggle('warn', entries.length > 0);
    title.textContent = (mine.length ? `待发送 ${mine.length} 条${photos ? `，含照片 ${photos} 张` : ''}${trouble ? `。${trouble}` : ''}`
      : done ? `已全部送出（${done} 条）` : '') + (others ? `　这台手机上还有别的账号写的 ${others} 条，要由本人登录后送出` : '');
    list.replaceChildren(...mine.map(row));
  }

  // ---- sending ----

  const token = () => form.querySelector('[name=_csrf]').value;
  // The answer, with `refused` where the server does not take it; throws where to try again.
  async function post(address, type, body) {
    const headers = { Accept: 'application/json', 'X-CSRF-Token': token(), ...type };
    const answer = await fetch(address, { method: 'POST', headers, body, redirect: 'error' });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    if (answer.status === 401) throw new Error('请重新登录，再打开这一页');
    if (answer.status === 429 || answer.status >= 500) throw new Error('服务器忙，过一会儿自动再送');
    const wrong = (told.errors || []).map((e) => `${form.elements[e.field]?.labels?.[0]?.textContent ?? ''}：${e.detail}`);
    return { refused: wrong.join('；') || told.detail || '请检查以后再送' };
  }
  async function sendOne(entry) {
    if (!entry.check) {
      const told = await post('/checks', { 'Content-Type': 'application/json' }, JSON.stringify(entry.fields));
      if (told.refused) return put({ ...entry, refused: told.refused });
      entry.check = new URL(told.location, location.href).searchParams.get('check');
      await put(entry);
    }
    while (entry.photos.length) {
      const body = new FormData();
      body.append('node', entry.fields.id);
      body.append('kind', 'check');
      body.append('object', entry.check);
      body.append('what', '现场照片');
      body.append('day', entry.fields.day);
      body.append('file', new Blob([entry.photos[0]], { type: 'image/jpeg' }), '现场.jpg');
      const told = await post('/files', {}, body);
      if (told.refused) return put({ ...entry, refused: `照片：${told.refused}` });
      entry.photos.shift();
      await put(entry);
      await show();
    }
    done++;
    return remove(entry.key);
  }
  async function sendAll() {
    trouble = '';
    try {
      for (const entry of await all()) if (entry.who === who && !entry.refused) await sendOne(entry);
    } catch (error) {
      trouble = error instanceof TypeError ? '现在没有信号，有信号时自动送出' : error.message;
    }
    await show();
  }
  // One page sends at a time, also where two are open.
  let busy = false;
  async function flush() {
    if (busy) return;
    busy = true;
    try {
      if (navigator.locks) await navigator.locks.request('jinwei-spot', sendAll);
      else await sendAll();
    } finally { busy = false; }
  }

  // ---- writing ----

  // Smaller, upright, and without what the phone wrote into it (where it was taken).
  async function shrink(file) {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    return blob.arrayBuffer();
  }
  const tell = document.createElement('p');
  tell.className = 'err';
  tell.setAttribute('role', 'alert');
  tell.hidden = true;
  form.append(tell);
  function complain(text) {
    tell.textContent = text;
    tell.hidden = !text;
  }
  const today = () => {
    const now = new Date(Date.now() + 8 * 3600e3);	// as the server: Beijing time
    return now.toISOString().slice(0, 10);
  };
  const mark = () => `${Date.now()}-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  async function keep() {
    const files = [...input.files], photos = editing ? [...editing.photos] : [];
    if (files.length + photos.length > PHOTOS_MAX) return complain(`一条最多 ${PHOTOS_MAX} 张照片，请分两条记`);
    for (const file of files) {
      try {
        photos.push(await shrink(file));
      } catch {
        return complain(`“${file.name}”打不开，请换一张 jpg 或 png 照片`);
      }
    }
    const fields = { sent: mark() };
    for (const [name, value] of new FormData(form))
      if (name !== '_csrf' && name !== 'sent' && typeof value === 'string' && value) fields[name] = value;
    fields.day = fields.day || today();		// the day it was seen, not the day it gets through
    const where = form.elements.id;
    const place = where.options ? where.selectedOptions[0].textContent : part.dataset.place;
    try {
      await put({ ...(editing && { key: editing.key }), who, fields, place, photos, check: '', refused: '' });
    } catch {
      return complain('手机上存不下了，请先送出或删掉几条，这一条还在下面，没有丢');
    }
    complain('');
    editing = null;
    const id = where.value;
    form.reset();
    where.value = id;
    chosen.textContent = '';
    await show();
    box.scrollIntoView({ block: 'nearest' });
    return flush();
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.reportValidity()) keep();
  }, true);

  // ---- comforts ----

  input.multiple = true;
  const chosen = document.createElement('span');
  chosen.className = 'note';
  input.after(chosen);
  input.addEventListener('change', () => {
    chosen.textContent = input.files.length ? ` 已选 ${input.files.length} 张，送出前自动缩小` : '';
  });
  if (navigator.geolocation && window.isSecureContext) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn sm';
    button.textContent = '填当前位置';
    button.addEventListener('click', () => navigator.geolocation.getCurrentPosition((p) => {
      form.elements.position.value = `${p.coords.latitude.toFixed(4)},${p.coords.longitude.toFixed(4)}`;
    }, () => { button.textContent = '没有取到位置'; }));
    form.elements.position.after(button);
  }
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  window.addEventListener('online', flush);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) flush(); });
  setInterval(async () => { if ((await all()).some((e) => e.who === who && !e.refused)) flush(); }, AGAIN_MS);
  show().then(flush);
})();
