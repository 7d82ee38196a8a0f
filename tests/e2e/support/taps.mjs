// How many taps something takes: counted on the page, as a finger would make them.

/** Does something on a page; how many taps that took. Presses of keys are none. */
export async function countTaps(page, act) {
  const counter = await page.evaluateHandle(() => {
    const counter = { taps: 0 };
    counter.listen = (event) => {
      if (event.isTrusted && event.detail > 0) counter.taps += 1;
    };
    addEventListener("click", counter.listen, true);
    return counter;
  });
  await act();
  return counter.evaluate(({ taps, listen }) => {
    removeEventListener("click", listen, true);
    return taps;
  });
}
