/* SPDX-License-Identifier: Apache-2.0 */
/* What script adds to the ballot, which works without: it takes the code from
 * the address, where no server sees it, and keeps all steps on one page, so
 * that nothing is left to go back to. Old language on purpose: old phones. */
(function () {
  'use strict';
  var IDLE_MS = 90000, DONE_MS = 8000, WAIT_MS = 20000;
  var body = document.body, home = body.getAttribute('data-home'), timer = null;
  var can = window.XMLHttpRequest && window.DOMParser && document.querySelector;

  function field(form, name) { return form.elements[name]; }

  // The tablet in the hall forgets: after a vote, and when nobody touches it.
  function watch() {
    if (!home) return;
    clearTimeout(timer);
    var done = document.querySelector('[data-done]');
    var fresh = document.querySelector('[data-fresh]');
    if (!fresh || (field(fresh, 'code') && field(fresh, 'code').value)) {
      timer = setTimeout(function () { location.replace(home); }, done ? DONE_MS : IDLE_MS);
    }
  }

  function say(form, text) {
    var old = form.querySelector('.err');
    if (!old) {
      old = document.createElement('p');
      old.className = 'err';
      old.setAttribute('role', 'alert');
      form.insertBefore(old, form.firstChild);
    }
    old.textContent = text;
    window.scrollTo(0, 0);
  }

  function show(text) {
    var page = new DOMParser().parseFromString(text, 'text/html');
    var next = page && page.querySelector('main'), now = document.querySelector('main');
    if (!next) return false;
    now.parentNode.replaceChild(document.importNode(next, true), now);
    window.scrollTo(0, 0);
    var focus = document.querySelector('.err') || document.querySelector('h1');
    if (focus) { focus.setAttribute('tabindex', '-1'); focus.focus(); }
    watch();
    return true;
  }

  function encode(form, button) {
    var parts = [], i, e;
    for (i = 0; i < form.elements.length; i++) {
      e = form.elements[i];
      if (!e.name || e.disabled || e.type === 'submit' || (e.type === 'radio' && !e.checked)) continue;
      parts.push(encodeURIComponent(e.name) + '=' + encodeURIComponent(e.value));
    }
    if (button && button.name) {
      parts.push(encodeURIComponent(button.name) + '=' + encodeURIComponent(button.value));
    }
    return parts.join('&');
  }

  function send(form, button) {
    var x = new XMLHttpRequest(), buttons = form.querySelectorAll('button'), i;
    function free() { for (i = 0; i < buttons.length; i++) buttons[i].disabled = false; }
    var content = encode(form, button);
    for (i = 0; i < buttons.length; i++) buttons[i].disabled = true;
    x.open('POST', form.getAttribute('action'));
    x.timeout = WAIT_MS;
    x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    x.setRequestHeader('Accept', 'text/html');
    x.onload = function () {
      free();
      if (!show(x.responseText)) say(form, '没有送到，请再按一次。同一次确认只算一票。');
    };
    x.onerror = x.ontimeout = function () {
      free();
      say(form, '没有送到，请检查网络后再按一次。同一次确认只算一票。');
    };
    x.send(content);
  }

  if (!can) return;

  var pressed = null;
  document.addEventListener('click', function (event) {
    pressed = event.target && event.target.tagName === 'BUTTON' ? event.target : null;
    watch();
  });
  document.addEventListener('submit', function (event) {
    var form = event.target, button = event.submitter || pressed;
    event.preventDefault();
    pressed = null;
    send(form, button && button.form === form ? button : form.querySelector('button'));
  });
  document.addEventListener('input', watch);

  // #CODE: out of the address at once, then as if it had been typed.
  function fromAddress() {
    var code = location.hash.slice(1), form = document.querySelector('[data-fresh]');
    if (!form || code.length < 20) return;
    if (window.history && history.replaceState) history.replaceState(null, '', location.pathname);
    field(form, 'code').value = code;
    send(form, form.querySelector('button'));
  }
  window.addEventListener('hashchange', fromAddress);
  fromAddress();
  watch();
}());
