/* Review: all that is filled in goes with each click; the reviewer's name is remembered; what was picked shows. */
(() => {
  const PATIENCE = 8000; // ms after which a step that brought nothing new no longer holds the buttons
  const NAME = 'cpom-reviewer';
  const screen = () => document.getElementById('review');
  let patience = null;
  let shown = '';
  let focused = '';
  let correcting = false;

  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(NAME) || '';
      localStorage.setItem(NAME, value);
    } catch { /* then the name is typed again */ }
    return '';
  };

  /* The inbox, the evidence and the draft are forms of one screen: a click brings all of them. */
  const filled = (element) => {
    const data = {};
    if (!element.closest('#review')) return data;
    screen().querySelectorAll('form').forEach((form) => {
      new FormData(form).forEach((value, name) => { data[name] = String(value); });
    });
    return data;
  };

  document.addEventListener('input', (input) => {
    if (input.target.matches('#review [name="author"]')) stored(input.target.value);
  });
  document.addEventListener('submit', (submit) => {
    if (!submit.target.closest('#review')) return;
    submit.preventDefault();
    submit.target.querySelector('[data-primary]')?.click();
  });
  document.addEventListener('click', (click) => {
    const button = click.target.closest('#review button[data-event]');
    if (!button) return;
    if (button.dataset.event === 'cite') { point(button); return; }
    focused = button.id;
    screen().classList.add('busy');
    clearTimeout(patience);
    patience = setTimeout(() => screen().classList.remove('busy'), PATIENCE);
  });

  /* A citation of the turn leads to its passage beside it. */
  const point = (chip) => {
    const card = [...screen().querySelectorAll('#evidence [data-address]')]
      .find((one) => one.dataset.address === chip.title);
    if (!card) return;
    card.scrollIntoView({ block: 'center' });
    card.setAttribute('tabindex', '-1');
    card.focus({ preventScroll: true });
    card.classList.remove('shown');
    requestAnimationFrame(() => card.classList.add('shown'));
  };

  /* Each sentence that was picked shows its place in the correction. */
  const number = () => {
    const lines = [...screen().querySelectorAll('.chosen > li')];
    screen().querySelectorAll('.sentence').forEach((sentence) => {
      const name = sentence.dataset.cites;
      const place = lines.findIndex((line) => line.dataset.cites === name) + 1;
      if (place) sentence.dataset.place = String(place); else delete sentence.dataset.place;
      sentence.setAttribute('aria-pressed', String(Boolean(place)));
    });
  };

  const remember = () => {
    const name = screen().querySelector('[name="author"]');
    if (name && stored()) name.value = stored();
  };

  const settle = () => requestAnimationFrame(() => setTimeout(() => {
    if (!screen()) return;
    screen().classList.remove('busy');
    number();
    // Whoever types already goes on typing.
    const typing = document.activeElement.matches('#review :is(textarea, input)');
    const begun = Boolean(screen().querySelector('.correction'));
    const head = screen().querySelector('#bench [data-focus]');
    const key = head ? `${head.id} ${screen().querySelector('[name="turn"]')?.value || ''}` : '';
    if (head && key !== shown && !typing) {
      head.setAttribute('tabindex', '-1');
      head.focus({ preventScroll: true });
      const top = screen().getBoundingClientRect().top;
      if (top < 0) screen().scrollIntoView({ block: 'start' });
      document.getElementById('evidence-column').scrollTop = 0;
    } else if (begun && !correcting && !typing) {
      // Beside the passages on a wide screen; on a phone the passages come first.
      const narrow = window.matchMedia('(max-width: 899px)').matches;
      const title = document.getElementById('correction-title');
      title.focus({ preventScroll: true });
      (narrow ? document.getElementById('evidence') : title).scrollIntoView({ block: narrow ? 'start' : 'center' });
    } else if (focused && !typing) {
      const line = document.getElementById(focused);
      if (line && !line.disabled) line.focus({ preventScroll: true });
    }
    shown = key;
    correcting = begun;
    focused = '';
  }, 30));

  const changed = (element) => {
    if (!element.closest('#review')) return;
    screen().classList.remove('busy');
    remember();
  };

  window.cpomReview = { filled, changed, settle };
})();
