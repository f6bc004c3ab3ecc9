// SPDX-License-Identifier: Apache-2.0
// The inspectors' page: what can't be sent is kept on the phone and sent when the
// network is back. Each entry has a mark of its own; the server keeps it once.
(() => {
  const box = document.getElementById('spot');
  const form = box && box.querySelector('form');
  if (!form || !window.localStorage) return;
  const KEY = 'jinwei-spot';
  const note = document.getElementById('spot-waiting');
  const read = () => JSON.parse(localStorage.getItem(KEY) || '[]');
  const write = (list) => {
    localStorage.setItem(KEY, JSON.stringify(list));
    note.hidden = list.length === 0;
    note.textContent = `还有 ${list.length} 条没有送出，有信号时自动送`;
  };
  const token = () => form.querySelector('[name=_csrf]').value;
  const mark = () => `${Date.now()}-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const send = (entry) => fetch('/checks', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token() },
    body: JSON.stringify(entry),
  });
  let busy = false;
  async function flush() {
    if (busy) return;
    busy = true;
    let sent = 0;
    try {
      for (let list = read(); list.length; list = read()) {
        const answer = await send(list[0]);
        // What the server refuses stays on the phone until the person has seen why.
        if (!answer.ok) {
          note.hidden = false;
          note.textContent = `没有送出：${(await answer.json()).detail}`;
          break;
        }
        write(read().slice(1));
        sent++;
      }
      if (sent && note.hidden) {
        note.hidden = false;
        note.textContent = `已送出 ${sent} 条`;
      }
    } catch { /* still no network */ }
    busy = false;
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!form.reportValidity()) return;
    const entry = { sent: mark() };
    for (const [name, value] of new FormData(form)) if (name !== '_csrf' && name !== 'sent' && value) entry[name] = value;
    write([...read(), entry]);
    form.reset();
    flush();
  }, true);
  if (navigator.geolocation) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn sm';
    button.textContent = '填当前位置';
    button.addEventListener('click', () => navigator.geolocation.getCurrentPosition((p) => {
      form.position.value = `${p.coords.latitude.toFixed(4)},${p.coords.longitude.toFixed(4)}`;
    }, () => { button.textContent = '没有取到位置'; }));
    form.position.after(button);
  }
  window.addEventListener('online', flush);
  write(read());
  flush();
})();
