/* Who is signed in: the end of a sign-in in the middle of something, what was typed until then, and no trace after. */
(() => {
  const TYPED = 'cpom-typed'; // in this tab: what was not sent when the sign-in ended
  const LEFT = 'cpom-signed-out'; // in this browser: when somebody signed out, for its other tabs
  const FORMS = '.thumbs form[data-key], #stage form[data-position], #review form.judging';
  const SETTLED = 8000; // ms after which an opened page draws nothing anew
  const WORDS = 'textarea, input[type="radio"], input[type="checkbox"]';
  let who = ''; // the name that is signed in
  let over = false;
  let left = false;
  let kept = null;
  const filled = new Set(); // keys of the forms that have their words back

  const stored = (box, name, value) => {
    try {
      if (value === undefined) return box().getItem(name);
      if (value === null) box().removeItem(name); else box().setItem(name, value);
    } catch { /* storage may be switched off; then nothing comes back */ }
    return null;
  };
  const tab = () => window.sessionStorage;
  const browser = () => window.localStorage;
  const question = () => document.querySelector('#question textarea');

  /* --- what was typed ----------------------------------------------------------------------- */
  /* The same for the same form after signing in again. */
  const keyOf = (form) => form.dataset.key || form.querySelector('[name="turn"]').value;
  const touched = (part) => (part.matches('textarea') ? part.value !== part.defaultValue : part.checked !== part.defaultChecked);
  const keep = () => {
    const typed = { who, question: question()?.value || '', forms: {} };
    document.querySelectorAll(FORMS).forEach((form) => {
      const parts = [...form.querySelectorAll(WORDS)];
      if (parts.some(touched)) typed.forms[keyOf(form)] = parts.map((part) => (part.matches('textarea') ? part.value : part.checked));
    });
    const any = Boolean(typed.question || Object.keys(typed.forms).length);
    stored(tab, TYPED, any ? JSON.stringify(typed) : null);
    return any;
  };
  const fill = (form, values) => {
    const parts = [...form.querySelectorAll(WORDS)];
    if (parts.length !== values.length) return;
    parts.forEach((part, place) => {
      if (part.matches('textarea')) part.value = values[place]; else part.checked = values[place];
      part.dispatchEvent(new Event('input', { bubbles: true }));
    });
  };
  const restore = () => {
    if (!kept) return;
    const box = question();
    if (box && kept.question && !box.value) {
      box.value = kept.question;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      kept.question = '';
    }
    document.querySelectorAll(FORMS).forEach((form) => {
      const key = keyOf(form);
      if (!kept.forms[key] || [...form.querySelectorAll(WORDS)].some(touched)) return;
      form.cpomKey = form.dataset.key; // or whoever sees the new form next would empty it
      fill(form, kept.forms[key]);
      if (filled.has(key)) return;
      filled.add(key);
      // A page that opens may draw a form more than once.
      setTimeout(() => { delete kept.forms[key]; }, SETTLED);
    });
    const forms = Object.fromEntries(Object.entries(kept.forms).filter(([key]) => !filled.has(key)));
    const waiting = kept.question || Object.keys(forms).length;
    stored(tab, TYPED, waiting ? JSON.stringify({ ...kept, forms }) : null);
  };
  /* The page has learnt who is signed in; what somebody else typed is not theirs to see. */
  const known = (element) => {
    who = element.querySelector('.who')?.dataset.name || '';
    const typed = stored(tab, TYPED);
    if (!who || !typed) return;
    kept = JSON.parse(typed);
    if (kept.who && kept.who !== who) {
      kept = null;
      stored(tab, TYPED, null);
    }
    restore();
  };

  /* --- the end of a sign-in ------------------------------------------------------------------ */
  const ended = () => {
    if (over || window.location.pathname === '/sign-in') return;
    over = true;
    const typed = keep();
    if (!who && !typed) { window.location.replace('/sign-in'); return; } // an empty page from the browser's memory
    const comesBack = typed ? ' What you typed and did not send comes back then.' : '';
    const notice = document.createElement('dialog');
    notice.className = 'farewell';
    notice.setAttribute('aria-labelledby', 'farewell-title');
    notice.innerHTML = `<h2 id="farewell-title">You are signed out</h2>
      <p>Your sign-in has ended, by itself or in another window. Sign in to go on.${comesBack}</p>
      <p><a class="go" href="/sign-in">Sign in</a></p>`;
    notice.addEventListener('keydown', (key) => { if (key.key === 'Escape') key.preventDefault(); });
    notice.addEventListener('close', () => notice.showModal()); // nothing behind it can be used
    document.documentElement.classList.add('signed-out');
    document.body.append(notice);
    notice.showModal();
  };
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (...request) => {
    const reply = await plainFetch(...request);
    if (reply.status === 401) ended();
    return reply;
  };
  window.addEventListener('storage', (change) => { if (change.key === LEFT && change.newValue) ended(); });

  /* --- signing out leaves nothing behind ------------------------------------------------------- */
  document.addEventListener('submit', (submit) => {
    if (submit.target.getAttribute('action') !== '/sign-out') return;
    left = true;
    stored(tab, TYPED, null);
    stored(browser, LEFT, String(Date.now()));
    document.documentElement.classList.add('left');
  });
  // A page that the browser kept for its back button asks anew who is there.
  window.addEventListener('pageshow', (shown) => { if (shown.persisted && (who || left)) window.location.reload(); });

  /* --- passwords can be looked at while they are typed ------------------------------------------ */
  document.addEventListener('DOMContentLoaded', () => {
    document.querySelectorAll('body.plain form').forEach((form) => {
      const passwords = [...form.querySelectorAll('input[type="password"]')];
      if (!passwords.length) return;
      const tick = document.createElement('label');
      tick.className = 'tick';
      tick.innerHTML = `<input type="checkbox"><span>Show the password${passwords.length > 1 ? 's' : ''}</span>`;
      const show = (on) => passwords.forEach((one) => { one.type = on ? 'text' : 'password'; });
      tick.firstChild.addEventListener('change', (change) => show(change.target.checked));
      form.addEventListener('submit', () => show(false));
      passwords[passwords.length - 1].closest('label').after(tick);
    });
  });

  window.cpomAccount = { known, restore };
})();
