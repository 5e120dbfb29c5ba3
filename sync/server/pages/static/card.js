// Renews the code on the card page. It counts seconds and never asks what time it is: the phone's
// clock may be wrong. A code whose time is over is covered until a new one came.
"use strict";
(() => {
  let shown = document.getElementById("pass");
  const late = document.getElementById("late");
  const { source, renewMs, endsMs } = shown.dataset;
  const RETRY_MS = 3000;
  let since = performance.now();
  let due = 0;
  let count = 0;

  const cover = (isLate) => {
    shown.classList.toggle("over", isLate);
    late.hidden = !isLate;
  };

  const wait = (ms) => {
    clearTimeout(due);
    due = setTimeout(renew, ms);
  };

  function renew() {
    const next = shown.cloneNode();
    const asked = performance.now();
    next.onload = () => {
      shown.replaceWith(next);
      shown = next;
      since = asked;
      cover(false);
      wait(Number(renewMs));
    };
    next.onerror = () => {
      if (performance.now() - since > Number(endsMs)) cover(true);
      wait(RETRY_MS);
    };
    count += 1;
    next.src = `${source}?n=${count}`;
  }

  // While a phone sleeps its timers may stand still, and so may what they count.
  const wake = () => {
    if (document.visibilityState !== "visible") return;
    cover(true);
    renew();
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) wake();
  });
  if (shown.complete && shown.naturalWidth === 0) wait(0);
  else wait(Number(renewMs));
})();
