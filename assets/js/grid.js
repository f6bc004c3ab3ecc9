/* SPDX-License-Identifier: Apache-2.0 */
/* The score grid as a spreadsheet: cells are saved one by one as they are left,
 * a block is pasted and copied as Excel and WPS do it, everything can be undone,
 * and one sees who else is in the grid. Without this script the grid is a form
 * with one button. */
(function () {
  'use strict';

  var NOW_MS = 4000, WAIT_MS = 250, PUTS_MAX = 150, UNDO_MAX = 200;
  var grid = null;

  function Grid(form) {
    this.form = form;
    this.rows = [].slice.call(form.querySelectorAll('tbody tr'));
    this.status = document.querySelector('[data-status]');
    this.undo = [];
    this.queue = {};       // org:leaf → cell to be sent
    this.sending = null;
    this.timer = 0;
    this.anchor = null;    // where a selected block begins
    this.block = [];
    this.listen();
    this.form.classList.add('live');
    document.querySelectorAll('[data-save]').forEach(function (b) { b.hidden = true; });
    if (this.status) this.status.hidden = false;
    this.say('改动自动保存');
    this.poll = setInterval(this.now.bind(this), NOW_MS);
    this.now();
  }

  // ---- cells ----

  Grid.prototype.cells = function (row) {
    return [].slice.call(row.querySelectorAll('td.i'));
  };
  Grid.prototype.at = function (r, c) {
    return this.rows[r] && this.cells(this.rows[r])[c] || null;
  };
  Grid.prototype.place = function (td) {
    var row = td.parentNode;
    return { r: this.rows.indexOf(row), c: this.cells(row).indexOf(td) };
  };
  function input(td) { return td && td.querySelector('input[name=value]'); }
  function org(td) { return td.parentNode.dataset.org; }
  function seen(td) { return td.querySelector('input[name=key]').value.split(':').slice(2).join(':'); }
  function setSeen(td, text) {
    td.querySelector('input[name=key]').value = org(td) + ':' + td.dataset.leaf + ':' + text;
  }
  function id(td) { return org(td) + ':' + td.dataset.leaf; }
  function shown(td) {
    if (!td) return '';
    var box = input(td), text = td.querySelector('.v');
    return box ? box.value : text ? text.textContent : '';
  }

  Grid.prototype.find = function (orgId, leaf) {
    var row = this.form.querySelector('tr[data-org="' + orgId + '"]');
    return row && row.querySelector('td[data-leaf="' + leaf + '"]');
  };

  function mark(td, why) {
    var box = input(td);
    td.classList.toggle('bad', !!why);
    if (why) {
      td.classList.remove('ok');
      box.setAttribute('aria-invalid', 'true');
      box.title = why;
    } else {
      box.removeAttribute('aria-invalid');
      box.removeAttribute('title');
    }
  }

  // Digits as Chinese input methods write them count as plain ones.
  function fold(text) {
    return text.trim().replace(/[０-９．]/g, function (ch) {
      return ch === '．' ? '.' : String.fromCharCode(ch.charCodeAt(0) - 0xFEE0);
    });
  }

  // ---- saving ----

  Grid.prototype.change = function (td, text, undoing) {
    var box = input(td), before;
    if (!box) return false;
    before = td.dataset.kept === undefined ? seen(td) : td.dataset.kept;
    box.value = fold(text);
    if (box.value === before && !td.classList.contains('bad')) return false;
    if (!undoing) this.step.push({ org: org(td), leaf: td.dataset.leaf, text: before });
    td.dataset.kept = box.value;
    this.queue[id(td)] = td;
    return true;
  };

  // One act of the user: what it changes is undone together.
  Grid.prototype.act = function (work) {
    this.step = [];
    work.call(this);
    if (this.step.length) {
      this.undo.push(this.step);
      if (this.undo.length > UNDO_MAX) this.undo.shift();
    }
    this.plan();
  };

  Grid.prototype.plan = function () {
    var self = this;
    if (!Object.keys(this.queue).length) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { self.send(); }, this.sending ? WAIT_MS : 0);
  };

  Grid.prototype.body = function (cells) {
    var data = new URLSearchParams();
    ['node', 'source', 'rater', 'category', 'page'].forEach(function (name) {
      var box = this.form.querySelector('input[name=' + name + ']');
      if (box && box.value) data.append(name, box.value);
    }, this);
    cells.forEach(function (td) {
      data.append('key', id(td) + ':' + seen(td));
      data.append('value', input(td).value);
    });
    return data;
  };

  Grid.prototype.send = function () {
    var self = this, keys = Object.keys(this.queue).slice(0, PUTS_MAX);
    if (this.sending || !keys.length) return;
    var cells = keys.map(function (key) { return self.queue[key]; });
    var texts = cells.map(function (td) { return input(td).value; });
    keys.forEach(function (key) { delete self.queue[key]; });
    this.say('正在保存 ' + keys.length + ' 格…');
    this.sending = fetch(this.form.getAttribute('action'), {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'Accept': 'application/json',
        'X-CSRF-Token': this.form.querySelector('input[name=_csrf]').value
      },
      body: this.body(cells)
    }).then(function (answer) {
      return answer.json().then(function (json) { return { ok: answer.ok || !!json.wrong, json: json }; });
    }).then(function (answer) {
      self.sending = null;
      if (!answer.ok) {
        cells.forEach(function (td) { mark(td, answer.json.detail || answer.json.title || '没有保存'); });
        self.complain(answer.json.detail || answer.json.title || '没有保存');
        return;
      }
      self.saved(cells, texts, answer.json);
    }).catch(function () {
      self.sending = null;
      cells.forEach(function (td) { if (!self.queue[id(td)]) self.queue[id(td)] = td; });
      self.complain('连不上服务器，' + cells.length + ' 格还没有保存，正在重试');
      setTimeout(function () { self.plan(); }, 3000);
    });
  };

  Grid.prototype.saved = function (cells, texts, json) {
    var self = this, wrong = {};
    json.wrong.forEach(function (w) { wrong[w.org + ':' + w.leaf] = w; });
    cells.forEach(function (td, i) {
      var w = wrong[id(td)];
      if (w) {
        if (w.now !== undefined && w.now !== null) setSeen(td, w.now);
        mark(td, w.why);
        return;
      }
      setSeen(td, texts[i]);
      mark(td, '');
      td.classList.remove('hist');   // the corner is back when the page is
      td.classList.add('ok');
    });
    json.rows.forEach(function (row) { self.total(row); });
    self.say(json.wrong.length === cells.length ? '改动自动保存' : '已保存 ' + new Date().toTimeString().slice(0, 5));
    self.count();
    self.plan();
  };

  Grid.prototype.total = function (row) {
    var tr = this.form.querySelector('tr[data-org="' + row.org + '"]');
    if (!tr) return;
    var sum = tr.querySelector('[data-sum]'), state = tr.querySelector('[data-state]');
    var bad = tr.querySelectorAll('td.bad').length;
    sum.textContent = '';
    sum.appendChild(tag(row.sum && !bad ? 'b' : 'span', row.sum && !bad ? row.sum : '—'));
    state.textContent = '';
    if (bad) state.appendChild(tag('b', bad + ' 格有误', 'down'));
    else if (row.mixed) state.appendChild(tag('b', '“' + row.mixed + '”总分和分项只能填一种', 'down'));
    else if (row.missing) state.appendChild(tag('b', '缺 ' + row.missing + ' 格', 'miss'));
    else state.appendChild(tag('span', '已填齐', 'mut'));
  };

  function tag(name, text, cls) {
    var e = document.createElement(name);
    e.textContent = text;
    if (cls) e.className = cls;
    else if (name === 'span') e.className = 'mut';
    return e;
  }

  Grid.prototype.say = function (text) {
    var said = this.status && this.status.querySelector('[data-said]');
    if (said && text) said.textContent = text;
  };
  Grid.prototype.complain = function (text) {
    var box = this.status && this.status.querySelector('[data-wrong]');
    if (box) box.textContent = text;
  };
  Grid.prototype.count = function () {
    var bad = this.form.querySelectorAll('td.bad').length;
    this.complain(bad ? bad + ' 格有误，没有保存' : '');
  };

  // ---- keyboard ----

  Grid.prototype.go = function (r, c, grow) {
    var td = this.at(r, c), box = input(td);
    if (!box) return false;
    if (!grow) this.select(null);
    box.focus();
    box.select();
    return true;
  };

  // The next cell in a direction that can be typed in.
  Grid.prototype.move = function (td, dr, dc, grow) {
    var p = this.place(td), r = p.r + dr, c = p.c + dc;
    while (this.at(r, c)) {
      if (input(this.at(r, c))) {
        if (grow) {
          this.anchor = this.anchor || td;
          this.go(r, c, true);
          this.select(this.at(r, c));
          return true;
        }
        return this.go(r, c);
      }
      r += dr;
      c += dc;
    }
    return false;
  };

  Grid.prototype.select = function (to) {
    this.block.forEach(function (td) { td.classList.remove('sel'); });
    this.block = [];
    if (!to) { this.anchor = null; return; }
    var a = this.place(this.anchor), b = this.place(to);
    for (var r = Math.min(a.r, b.r); r <= Math.max(a.r, b.r); r++)
      for (var c = Math.min(a.c, b.c); c <= Math.max(a.c, b.c); c++)
        this.block.push(this.at(r, c));
    this.block.forEach(function (td) { td.classList.add('sel'); });
  };

  Grid.prototype.leave = function (td) {
    this.act(function () { this.change(td, input(td).value); });
  };

  Grid.prototype.key = function (event) {
    var td = event.target.closest('td.i'), box = input(td), key = event.key;
    if (!box || event.isComposing) return;
    var editing = td.classList.contains('edit');
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'z') {
      event.preventDefault();
      this.back();
    } else if (key === 'F2') {
      event.preventDefault();
      td.classList.add('edit');
      box.setSelectionRange(box.value.length, box.value.length);
    } else if (key === 'Escape') {
      event.preventDefault();
      td.classList.remove('edit');
      box.value = td.dataset.kept === undefined ? seen(td) : td.dataset.kept;
      if (td.classList.contains('bad')) { box.value = seen(td); delete td.dataset.kept; mark(td, ''); this.count(); }
      this.select(null);
      box.select();
    } else if (key === 'Enter') {
      event.preventDefault();
      this.leave(td);
      this.move(td, event.shiftKey ? -1 : 1, 0);
    } else if (key === 'ArrowUp' || key === 'ArrowDown') {
      event.preventDefault();
      this.leave(td);
      this.move(td, key === 'ArrowUp' ? -1 : 1, 0, event.shiftKey);
    } else if ((key === 'ArrowLeft' || key === 'ArrowRight') && !editing) {
      event.preventDefault();
      this.leave(td);
      this.move(td, 0, key === 'ArrowLeft' ? -1 : 1, event.shiftKey);
    } else if (key === 'Delete' && this.block.length > 1) {
      event.preventDefault();
      this.act(function () {
        this.block.forEach(function (one) { if (input(one)) this.change(one, ''); }, this);
      });
    }
  };

  // ---- undo ----

  Grid.prototype.back = function () {
    var step = this.undo.pop(), self = this, last = null;
    if (!step) { this.say('没有可以撤销的'); return; }
    step.forEach(function (one) {
      var td = self.find(one.org, one.leaf);
      if (!td || !input(td)) return;
      self.change(td, one.text, true);
      last = td;
    });
    this.plan();
    if (last) { input(last).focus(); input(last).select(); }
    this.say('已撤销 ' + step.length + ' 格');
  };

  // ---- clipboard: rows by line, cells by tab, as spreadsheets have it ----

  Grid.prototype.copy = function (event) {
    if (this.block.length < 2) return;
    var rows = {}, self = this;
    this.block.forEach(function (td) {
      var r = self.place(td).r;
      (rows[r] = rows[r] || []).push(shown(td));
    });
    event.clipboardData.setData('text/plain', Object.keys(rows).map(function (r) {
      return rows[r].join('\t');
    }).join('\r\n'));
    event.preventDefault();
  };

  Grid.prototype.paste = function (event) {
    var td = event.target.closest('td.i'), text = event.clipboardData.getData('text/plain');
    if (!td || !input(td)) return;
    text = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
    if (!/[\t\n]/.test(text)) {
      if (td.classList.contains('edit')) return;
      event.preventDefault();
      this.act(function () { this.change(td, text); });
      return;
    }
    event.preventDefault();
    var p = this.place(this.block.length > 1 ? this.block[0] : td), beyond = 0;
    this.act(function () {
      text.split('\n').forEach(function (line, r) {
        line.split('\t').forEach(function (cell, c) {
          var to = this.at(p.r + r, p.c + c);
          if (to && input(to)) this.change(to, cell);
          else if (cell.trim()) beyond++;
        }, this);
      }, this);
    });
    if (beyond) this.complain('有 ' + beyond + ' 格落在表外、锁定或不适用的格子上，没有填');
  };

  // ---- what the panel shows, and who else is there ----

  Grid.prototype.address = function (part, td) {
    var data = this.body([]);
    if (td) {
      data.append('unit', org(td));
      data.append('leaf', td.dataset.leaf);
    }
    return this.form.getAttribute('action') + '/' + part + '?' + data;
  };
  Grid.prototype.fetch = function (part, td) {
    return fetch(this.address(part, td), {
      credentials: 'same-origin', headers: { 'Accept': 'application/json' }
    }).then(function (answer) { return answer.ok ? answer.json() : null; });
  };

  Grid.prototype.panel = function (td) {
    var box = document.getElementById('hist'), self = this, head;
    if (!box || !td.dataset.leaf) return;
    head = this.form.querySelector('th[data-leaf="' + td.dataset.leaf + '"]');
    clearTimeout(this.showing);
    this.showing = setTimeout(function () {
      self.fetch('history', td).then(function (json) {
        if (!json) return;
        box.textContent = '';
        var about = tag('p', input(td) ? input(td).getAttribute('aria-label') : '', 'sum');
        box.appendChild(about);
        if (head && head.title) box.appendChild(tag('p', head.title, 'note'));
        var list = document.createElement('ol');
        list.className = 'list';
        json.changes.forEach(function (change) {
          var li = document.createElement('li');
          li.textContent = (change.before || '空') + ' → ' + (change.after || '空');
          li.appendChild(tag('p', change.at.slice(5) + ' ' + change.who, 'note'));
          list.appendChild(li);
        });
        box.appendChild(json.changes.length ? list : tag('p', '还没有填过', 'mut'));
      }).catch(function () {});
    }, 300);
  };

  Grid.prototype.now = function () {
    var self = this, td = document.activeElement && document.activeElement.closest('td.i');
    if (!document.body.contains(this.form)) { clearInterval(this.poll); return; }
    if (document.hidden) return;
    this.fetch('now', td && td.dataset.leaf ? td : null).then(function (json) {
      if (json) self.others(json);
    }).catch(function () {});
  };

  Grid.prototype.others = function (json) {
    var self = this, names = [];
    this.form.querySelectorAll('td.other').forEach(function (td) { td.classList.remove('other'); });
    json.others.forEach(function (one) {
      var td = one.org && self.find(one.org, one.leaf);
      names.push(one.name + (td ? '（' + td.parentNode.querySelector('th').textContent + '）' : ''));
      if (td) td.classList.add('other');
    });
    var box = document.getElementById('others');
    if (box) box.textContent = names.length ? names.join('、') : '只有您';
    json.rows.forEach(function (row) { self.refresh(row); });
  };

  // What others have saved meanwhile; not where one is typing oneself.
  Grid.prototype.refresh = function (row) {
    var self = this, touched = false;
    Object.keys(row.cells).forEach(function (leaf) {
      var td = self.find(row.org, leaf), box = td && input(td);
      if (!box || self.queue[id(td)] || self.sending || td.classList.contains('bad')) return;
      if (document.activeElement === box && box.value !== seen(td)) return;
      if (seen(td) === row.cells[leaf]) return;
      if (seen(td) !== '') td.classList.add('hist');
      td.classList.remove('ok');
      setSeen(td, row.cells[leaf]);
      delete td.dataset.kept;
      box.value = row.cells[leaf];
      touched = true;
    });
    if (touched) this.total(row);
  };

  // ---- wiring ----

  Grid.prototype.listen = function () {
    var self = this, form = this.form;
    form.addEventListener('keydown', function (e) { self.key(e); });
    form.addEventListener('copy', function (e) { self.copy(e); });
    form.addEventListener('paste', function (e) { self.paste(e); });
    form.addEventListener('submit', function (e) { e.preventDefault(); });
    form.addEventListener('focusin', function (e) {
      var td = e.target.closest('td.i');
      if (td && input(td)) { td.classList.add('cur'); self.panel(td); }
    });
    form.addEventListener('focusout', function (e) {
      var td = e.target.closest('td.i');
      if (!td || !input(td)) return;
      td.classList.remove('cur', 'edit');
      if (form.dataset.write) self.leave(td);
    });
    form.addEventListener('mousedown', function (e) {
      var td = e.target.closest('td.i'), from = document.activeElement && document.activeElement.closest('td.i');
      if (!td || !e.shiftKey || !from || !form.contains(from)) { self.select(null); return; }
      e.preventDefault();
      self.anchor = self.anchor || from;
      self.select(td);
    });
    // As in a spreadsheet: what is typed into a clicked cell replaces it.
    form.addEventListener('click', function (e) {
      var td = e.target.closest('td.i'), box = td && input(td);
      if (box && !td.classList.contains('edit')) box.select();
    });
    form.addEventListener('dblclick', function (e) {
      var td = e.target.closest('td.i');
      if (td) td.classList.add('edit');
    });
    window.addEventListener('beforeunload', function (e) {
      if (document.body.contains(form) && (Object.keys(self.queue).length || self.sending)) e.preventDefault();
    });
  };

  function enhance() {
    var form = document.querySelector('form[data-grid]');
    if (form && (!grid || grid.form !== form)) grid = new Grid(form);
  }
  document.addEventListener('htmx:afterSettle', enhance);
  enhance();
}());
