/* Class: after a look, the reader goes on where the new thing stands. */
(() => {
  const settle = () => requestAnimationFrame(() => setTimeout(() => {
    const head = document.querySelector('#class-board [data-focus]');
    if (!head) return;
    head.setAttribute('tabindex', '-1');
    head.focus();
  }, 30));

  window.cpomClass = { settle };
})();
