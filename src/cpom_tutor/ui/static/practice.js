/* Practice: what a form is filled in with, keys, the order of lines, the clock, where the focus goes. */
(() => {
  const byId = (id) => document.getElementById(id);
  const box = window.sessionStorage;
  const PICK_PAUSE = 900; // ms without a key before a draft is kept
  const AGAIN = 3000; // ms until it is told so again
  const PATIENCE = 8000; // ms after which a step that brought nothing new no longer holds the keys
  let shownAt = Date.now();
  let current = null; // key of the page that is shown
  let until = null; // when the time is over
  let lastKey = '';
  let lastRead = ''; // of the clock
  let askedAt = 0; // when the server was last told that the time seems over
  let told = 0; // minutes left that were announced last
  let waiting = null;
  let patience = null;

  const say = (words) => window.cpomTutor.say(words);
  const stage = () => byId('stage');
  const root = () => stage() && stage().querySelector('[data-key]');
  const visible = () => Boolean(stage() && stage().offsetParent);
  const offset = () => String(-new Date().getTimezoneOffset());

  /* --- what stands in the form of a button -------------------------------------------------- */
  const filled = (button, element) => {
    const data = { offset: offset(), seconds: String(Math.round((Date.now() - shownAt) / 1000)) };
    const page = element.querySelector('[data-session][data-key]');
    if (page) data.session = page.dataset.session;
    const form = button.closest('form') || element.querySelector('form[data-pick]');
    if (!form) return data;
    new FormData(form).forEach((value, name) => { data[name] = String(value); });
    if (form.dataset.position) data.at = form.dataset.position;
    const lines = form.querySelectorAll('[data-order] > [data-choice]');
    if (lines.length) data.order = [...lines].map((line) => line.dataset.choice).join(',');
    return data;
  };

  const keep = (form, detail) => form.dispatchEvent(
    new CustomEvent('cpom-pick', { bubbles: true, detail: { ...filled(form, stage()), ...detail, position: form.dataset.position } }));

  document.addEventListener('change', (change) => {
    const half = change.target.closest('#stage form[data-position]');
    if (half && change.target.matches('.pairs select')) {
      const pairs = [...half.querySelectorAll('.pairs select')].filter((one) => one.value);
      keep(half, { pick: 'draft', text: pairs.map((one) => `${one.name.replace('pair-', '')}=${one.value}`).join(' ') });
    }
    const form = change.target.closest('#stage form[data-pick]');
    if (!form || change.target.type !== 'radio') return;
    keep(form, { pick: form.dataset.pick });
    const number = stage().querySelector('.number.here');
    if (number) {
      number.classList.replace('open', 'answered');
      number.setAttribute('aria-label', number.getAttribute('aria-label').replace(', open', ', answered'));
    }
  });

  document.addEventListener('input', (input) => {
    const form = input.target.closest('#stage form[data-position]');
    if (!form || input.target.name !== 'text') return;
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(form, { pick: 'draft', text: input.target.value }), PICK_PAUSE);
  });

  document.addEventListener('submit', (submit) => {
    if (submit.target.closest('#stage')) submit.preventDefault();
  });

  /* --- lines to put in order ---------------------------------------------------------------- */
  const move = (button) => {
    const line = button.closest('[data-choice]');
    const other = button.dataset.move === 'up' ? line.previousElementSibling : line.nextElementSibling;
    if (other) {
      if (button.dataset.move === 'up') other.before(line); else other.after(line);
      button.focus();
    }
    const lines = [...line.parentElement.children];
    const form = line.closest('form[data-position]');
    if (form) {
      clearTimeout(waiting);
      const text = lines.map((one) => one.dataset.choice).join(',');
      waiting = setTimeout(() => keep(form, { pick: 'draft', text }), PICK_PAUSE / 3);
    }
    say(`${line.querySelector('.words').textContent}: place ${lines.indexOf(line) + 1} of ${lines.length}`);
  };

  /* --- busy: one step at a time -------------------------------------------------------------- */
  document.addEventListener('click', (click) => {
    const mover = click.target.closest('#stage [data-move]');
    if (mover) { move(mover); return; }
    const button = click.target.closest('#stage button[data-event]');
    if (!button || ['proof', 'read'].includes(button.dataset.event)) return;
    clearTimeout(waiting);
    stage().classList.add('busy');
    clearTimeout(patience);
    patience = setTimeout(() => stage().classList.remove('busy'), PATIENCE);
  });

  /* --- keys: 1 to 9 or a letter choose, Enter goes on ----------------------------------------- */
  const primary = () => {
    const places = stage().querySelectorAll('[data-primary]');
    const place = places[places.length - 1];
    return place && place.querySelector('.doing button.primary');
  };
  const choose = (place) => {
    const open = stage().querySelector('.card details[open]');
    const list = open ? open.querySelectorAll('.ratings button') : stage().querySelectorAll('.task .option input');
    if (!list[place]) return false;
    if (open) list[place].click();
    else { list[place].focus(); list[place].click(); }
    return true;
  };
  const typing = (element) => element.matches('textarea, select, input:not([type="radio"])');

  document.addEventListener('keydown', (key) => {
    if (!visible() || key.altKey || key.metaKey || key.defaultPrevented || stage().classList.contains('busy')) return;
    const at = document.activeElement;
    if (at !== document.body && !stage().contains(at)) return;
    if (key.key === 'Enter' && !at.matches('button, summary, a, select')) {
      if (at.matches('textarea') && !key.ctrlKey) return;
      const button = primary();
      if (button) { key.preventDefault(); button.click(); }
      return;
    }
    if (key.ctrlKey || typing(at) || key.key.length !== 1) return;
    const place = /[1-9]/.test(key.key) ? Number(key.key) - 1 : 'abcdefghi'.indexOf(key.key.toLowerCase());
    if (place >= 0 && choose(place)) key.preventDefault();
  });

  /* --- the clock: the page counts, the server decides ---------------------------------------- */
  const tick = () => {
    const clock = stage() && stage().querySelector('.clock[data-left]');
    if (!clock || until === null) return;
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    const shown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    const digits = clock.querySelector('.digits');
    if (digits.textContent !== shown) digits.textContent = shown;
    clock.classList.toggle('short', left <= 300);
    const minutes = Math.ceil(left / 60);
    if ([10, 5, 1].includes(minutes) && left > 0 && told !== minutes) {
      told = minutes;
      say(`${minutes} minute${minutes === 1 ? '' : 's'} left.`);
    }
    if (left === 0 && Date.now() - askedAt > AGAIN) {
      askedAt = Date.now();
      clock.querySelector('button').click();
    }
  };
  setInterval(tick, 500);

  /* --- a new page: forms start as they are written, the focus goes to what is new --------------- */
  const renewed = () => {
    const key = root() ? root().dataset.key : '';
    if (key !== lastKey) stage().classList.remove('busy');
    lastKey = key;
    stage().querySelectorAll('form[data-key]').forEach((form) => {
      if (form.cpomKey !== form.dataset.key) form.reset();
      form.cpomKey = form.dataset.key;
    });
    window.cpomAccount.restore();
    const clock = stage().querySelector('.clock[data-left]');
    const read = clock ? `${key} ${clock.dataset.left}` : '';
    if (read === lastRead) return;
    lastRead = read;
    until = clock ? Date.now() + 1000 * Number(clock.dataset.left) : null;
    tick();
  };

  const changed = (element) => {
    if (element.closest('#stage, #notice') && stage()) stage().classList.remove('busy');
  };

  /* A tab is made when it is first looked at, with what it holds by then. */
  const mounted = (element) => {
    if (!element.closest('#stage')) return;
    // Seen in the same moment as the change, before any key can come between.
    new MutationObserver(renewed).observe(element, { childList: true, subtree: true, attributeFilter: ['data-key', 'data-left'] });
    renewed();
    if (root()) current = root().dataset.key;
  };

  const reach = (target) => {
    target.setAttribute('tabindex', '-1');
    target.focus({ preventScroll: true });
    const edges = target.getBoundingClientRect();
    const low = window.innerHeight - 120;
    if (edges.top < 0 || edges.bottom > low) target.scrollIntoView({ block: edges.top < 0 ? 'start' : 'center' });
  };

  const settle = (id) => requestAnimationFrame(() => setTimeout(() => {
    try { box.setItem('cpom-practice', id || ''); } catch { /* nothing depends on it */ }
    const place = root();
    if (!place) return;
    stage().classList.remove('busy');
    const first = current === null;
    if (place.dataset.key === current) return;
    current = place.dataset.key;
    shownAt = Date.now();
    if (first || !visible()) return;
    const target = place.querySelector('.verdict') || place.querySelector('[data-focus]');
    if (target) reach(target);
    const done = place.querySelector('.verdict') && place.querySelector('progress');
    if (done) say(`${done.textContent} answered.`);
  }, 30));

  window.cpomPractice = {
    filled,
    offset,
    changed,
    mounted,
    settle,
    recall: () => {
      let id = '';
      try { id = box.getItem('cpom-practice') || ''; } catch { /* a new visit, then */ }
      return [id, offset()];
    },
  };
})();
