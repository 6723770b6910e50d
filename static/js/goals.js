// Goals are put in order by dragging their handles. The buttons beside them do the same, and work without this.

document.documentElement.dataset.drag = "";

const orderOf = (form) => [...form.querySelectorAll("[data-goal]")].map((goal) => goal.dataset.goal).join(",");

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  const form = handle?.closest("[data-goals]");
  if (!form) return;
  event.preventDefault();
  const goal = handle.closest("[data-goal]");
  const before = orderOf(form);
  goal.classList.add("lw-goals__goal--dragged");
  handle.setPointerCapture(event.pointerId);

  const move = ({ clientY }) => {
    const others = [...form.querySelectorAll("[data-goal]")].filter((other) => other !== goal);
    const next = others.find((other) => {
      const box = other.getBoundingClientRect();
      return clientY < box.top + box.height / 2;
    });
    if (next !== goal.nextElementSibling) goal.parentElement.insertBefore(goal, next ?? null);
  };
  const drop = () => {
    handle.removeEventListener("pointermove", move);
    goal.classList.remove("lw-goals__goal--dragged");
    if (orderOf(form) !== before) send(form);
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", drop, { once: true });
  handle.addEventListener("pointercancel", drop, { once: true });
});

function send(form) {
  const button = Object.assign(document.createElement("button"), { name: "order", value: orderOf(form), hidden: true });
  form.append(button);
  form.requestSubmit(button);
}
