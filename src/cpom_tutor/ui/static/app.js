/* The page's own behaviour: theme, the sheet on a phone, the way to a mark and back, copy. */
(() => {
  const store = (box, name, value) => {
    try {
      if (value === undefined) return box.getItem(name);
      box.setItem(name, value);
    } catch { /* storage may be switched off; nothing depends on it */ }
    return null;
  };
  const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const glide = (element, block) =>
    element.scrollIntoView({ block, behavior: calm() ? 'auto' : 'smooth' });
  const byId = (id) => document.getElementById(id);

  /* --- light and dark: the system's choice unless the learner chose ------------------------ */
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const dark = () => {
    const chosen = store(localStorage, 'cpom-theme');
    return chosen ? chosen === 'dark' : system.matches;
  };
  const applyTheme = () => {
    if (!document.body) return;
    const on = dark();
    if (document.body.classList.contains('dark') !== on) document.body.classList.toggle('dark', on);
    document.documentElement.style.colorScheme = on ? 'dark' : 'light';
    document.querySelectorAll('[data-theme-switch]').forEach((button) => {
      const words = on ? 'Light theme' : 'Dark theme'; // what pressing it brings
      if (button.textContent !== words) button.textContent = words;
    });
  };
  system.addEventListener('change', applyTheme);
  document.addEventListener('DOMContentLoaded', () => {
    applyTheme();
    // Gradio sets its own class when it starts; the learner's choice stands.
    new MutationObserver(applyTheme).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  });

  /* --- the panel: a column on a wide screen, a sheet on a phone ---------------------------- */
  let opener = null;
  let byKeyboard = false;
  const isSheet = () => window.matchMedia('(max-width: 899px)').matches;
  const setSheet = (open) => {
    document.body.classList.toggle('sheet-open', open);
    // What lies behind an open sheet can be neither reached by keyboard nor read out.
    document.querySelectorAll('#masthead, #chat, #stage-column, #tabs > .tab-wrapper').forEach((part) => { part.inert = open; });
    document.querySelectorAll('#panel .panel, #proof .panel').forEach((panel) => {
      if (open) panel.setAttribute('role', 'dialog'); else panel.removeAttribute('role');
      if (open) panel.setAttribute('aria-modal', 'true'); else panel.removeAttribute('aria-modal');
    });
  };
  const closeSheet = () => {
    setSheet(false);
    const back = opener;
    opener = null;
    if (back && back.isConnected) back.focus({ preventScroll: !isSheet() });
  };

  document.addEventListener('click', (click) => {
    const button = click.target.closest('button');
    if (!button) return;
    if (button.dataset.tab) {
      tabNamed(button.dataset.tab)?.click();
    }
    const leads = button.matches('[data-event="cite"], [data-event="read"], [data-event="proof"]');
    if (leads && !button.closest('#review')) {
      opener = button;
      byKeyboard = click.detail === 0;
      if (isSheet()) setSheet(true);
    } else if (button.matches('[data-event="about"]')) {
      opener = null;
      setSheet(false);
    } else if (button.matches('[data-close="sheet"]')) {
      closeSheet();
    } else if (button.matches('[data-theme-switch]')) {
      store(localStorage, 'cpom-theme', dark() ? 'light' : 'dark');
      applyTheme();
    } else if (button.matches('[data-copy]')) {
      copy(button);
    } else if (button.matches('[data-closest]')) {
      const place = button.closest('.panel-body')?.querySelector('[data-pointed]:not(.changed)');
      if (!place) return;
      place.scrollIntoView({ block: 'center' });
      place.setAttribute('tabindex', '-1');
      place.focus({ preventScroll: true });
    }
  });
  document.addEventListener('keydown', (key) => {
    if (key.key === 'Escape' && (document.body.classList.contains('sheet-open') || opener)) {
      key.preventDefault();
      closeSheet();
    }
  });

  const copy = async (button) => {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'hidden';
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
      button.focus();
    }
    button.classList.add('copied');
    say('Copied.');
    setTimeout(() => button.classList.remove('copied'), 1500);
  };

  /* --- the list of conversations, and what is said of an answer -------------------------------- */
  let settling = null; // what was sent, so that the focus finds its way back to it
  const renaming = (line, on) => {
    line.classList.toggle('renaming', on);
    const box = line.querySelector('input[name="title"]');
    if (on) { box.focus(); box.select(); } else { box.form.reset(); line.querySelector('[data-rename="on"]').focus(); }
  };
  document.addEventListener('click', (click) => {
    const button = click.target.closest('#history button, .thumbs button');
    if (!button) return;
    if (button.dataset.rename) renaming(button.closest('li'), button.dataset.rename === 'on');
    if (button.dataset.event === 'rename') settling = { conversation: button.dataset.conversation };
    if (button.dataset.event === 'opine') {
      const turn = button.closest('.turn');
      settling = { frame: turn.closest('#live, #log'), place: [...turn.parentElement.querySelectorAll('.turn')].indexOf(turn) };
    }
  });
  document.addEventListener('submit', (submit) => {
    const form = submit.target.closest('#history form, .thumbs form');
    if (!form) return;
    submit.preventDefault();
    if (form.matches('[data-enter]')) form.querySelector('button[data-event]').click();
  });
  document.addEventListener('reset', (reset) => {
    const again = reset.target.closest('.thumbs details.again');
    if (!again || !again.contains(document.activeElement)) return;
    again.open = false;
    again.querySelector('summary').focus();
  });
  document.addEventListener('keydown', (key) => {
    const line = key.key === 'Escape' && key.target.closest && key.target.closest('#history li.renaming');
    if (line) renaming(line, false);
  });
  const settle = () => {
    const sent = settling;
    settling = null;
    if (!sent) return;
    const target = sent.frame
      ? sent.frame.querySelectorAll('.turn')[sent.place]?.querySelector('.thumbs :is(.alert, .said)')
      : document.querySelector('#history .alert') || [...document.querySelectorAll('#history li > button.line')]
        .find((line) => line.dataset.conversation === sent.conversation);
    if (!target) return;
    if (!target.matches('button')) target.setAttribute('tabindex', '-1');
    target.focus({ preventScroll: true });
    const { top, bottom } = target.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight - 120) target.scrollIntoView({ block: 'center' });
  };
  /* Content is changed in place, and what was typed would stay in a form that is about something else by now. */
  const renewForms = (element) => {
    if (!element.closest('#live, #log, #history')) return;
    element.querySelectorAll('form[data-key]').forEach((form) => {
      if (form.cpomKey && form.cpomKey !== form.dataset.key) form.reset();
      form.cpomKey = form.dataset.key;
    });
  };

  /* --- short announcements for a screen reader ---------------------------------------------- */
  const say = (words) => {
    let voice = byId('voice');
    if (!voice) {
      voice = document.createElement('div');
      voice.id = 'voice';
      voice.className = 'hidden';
      voice.setAttribute('role', 'status');
      document.body.append(voice);
    }
    voice.textContent = words;
  };

  /* --- a refresh comes back to the tab that was open ------------------------------------------- */
  const tabNamed = (name) =>
    [...document.querySelectorAll('#tabs [role="tab"]')].find((tab) => tab.textContent.trim() === name);
  const rememberTab = () => {
    const open = document.querySelector('#tabs [role="tab"][aria-selected="true"]');
    if (open) store(sessionStorage, 'cpom-tab', open.textContent.trim());
  };
  window.addEventListener('pagehide', rememberTab);
  document.addEventListener('visibilitychange', rememberTab);
  const reopenTab = () => {
    const tab = tabNamed(store(sessionStorage, 'cpom-tab'));
    if (tab && tab.getAttribute('aria-selected') !== 'true') tab.click();
  };

  const atNextPaint = (work) => requestAnimationFrame(() => setTimeout(work, 30));

  let asking = false;
  let round = 0;

  window.cpomTutor = {
    applyTheme,
    say,

    /* The conversation in use outlives a refresh; a new tab opens the latest one. */
    recall: () => {
      reopenTab();
      return store(sessionStorage, 'cpom-conversation') || '';
    },
    remember: (id) => {
      if (!id) return;
      store(sessionStorage, 'cpom-conversation', id);
      if (id === 'gone') window.location.reload(); // nothing of the learner is left, so that a new one begins
    },
    settle: () => atNextPaint(settle),

    /* After a search of the course: to what was found, or to the address that was typed. */
    showFound: () => atNextPaint(() => {
      const results = document.querySelector('#finder .results, #finder [role="alert"]');
      if (results) results.scrollIntoView({ block: 'nearest' });
      else window.cpomTutor.showMark('text');
    }),

    /* Scrolls to the marked words, or to what is pointed at. */
    showMark: (where) => atNextPaint(() => {
      const area = byId(where);
      const mark = area && (area.querySelector('.target') || area.querySelector('[data-pointed]'));
      if (!mark) return;
      mark.scrollIntoView({ block: 'center' });
      const place = mark.closest('[id]');
      say('Showing the passage in the course text. Press Escape to go back.');
      if (where !== 'text' && isSheet()) {
        area.querySelector('[data-close]').focus({ preventScroll: true });
      } else if (byKeyboard || where === 'text') {
        (place || mark).setAttribute('tabindex', '-1');
        (place || mark).focus({ preventScroll: true });
      }
    }),

    /* If a stopped question still waits, the server that was answering it is gone: start from what is saved. */
    unstick: () => {
      const stopped = round;
      setTimeout(() => { if (asking && round === stopped) window.location.reload(); }, 3000);
    },

    /* The question box, with what was put into it. */
    write: () => atNextPaint(() => {
      closeSheet();
      const box = document.querySelector('#question textarea, #question input');
      if (!box) return;
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
      glide(box, 'nearest');
    }),

    /* A component has new content: keep the newest turn in view. */
    changed: (element) => {
      window.cpomPractice.changed(element);
      window.cpomReview.changed(element);
      renewForms(element);
      window.cpomAccount.restore();
      const frame = element.closest('#live, #log');
      if (!frame) return;
      if (frame.id === 'live') {
        const turn = frame.querySelector('.turn');
        const pending = Boolean(turn && turn.classList.contains('pending'));
        const failed = Boolean(turn && turn.classList.contains('failed'));
        if ((pending && !asking) || failed) glide(turn, 'start');
        if (pending && !asking) round += 1;
        asking = pending;
      } else if (!settling && !byId('live').querySelector('.turn')) {
        const turns = frame.querySelectorAll('.turn');
        if (turns.length) turns[turns.length - 1].scrollIntoView({ block: 'start' });
      }
    },
  };
})();
