// A stand-in for the editor's end of a page: answers by the protocol, keeps the state, and lets a check look and interfere.
(() => {
  const asked = [];
  const handlers = {};
  const controllers = new Map();
  const failures = new Map();
  const key = `state:${window.location.pathname}`;
  let held = null;

  const send = (message) => {
    // As the editor does it: a copy, in a later turn.
    const copy = JSON.parse(JSON.stringify(message));
    setTimeout(() => window.dispatchEvent(new window.MessageEvent('message', { data: copy })), 0);
  };

  const answer = async ({ id, method, params }) => {
    asked.push({ method, params });
    const controller = new AbortController();
    controllers.set(id, controller);
    try {
      const failure = failures.get(method);
      if (failure) {
        if (failure.times !== undefined && --failure.times <= 0) failures.delete(method);
        throw failure.error;
      }
      if (held) await held.promise;
      const handler = handlers[method];
      if (!handler) throw { code: 'internal', message: `no answer for ${method}`, details: {} };
      const value = await handler(params, {
        signal: controller.signal,
        onProgress: (event) => send({ type: 'progress', id, event }),
      });
      send({ type: 'result', id, value });
    } catch (error) {
      const wire = error.code ? error : { code: 'internal', message: String(error), details: {} };
      send({ type: 'error', id, error: wire });
    } finally {
      controllers.delete(id);
    }
  };

  window.acquireVsCodeApi = () => ({
    postMessage: (message) => {
      const copy = JSON.parse(JSON.stringify(message));
      if (copy.type === 'request') void answer(copy);
      else if (copy.type === 'cancel') controllers.get(copy.id)?.abort();
    },
    getState: () => JSON.parse(window.sessionStorage.getItem(key) ?? 'null') ?? undefined,
    setState: (state) => window.sessionStorage.setItem(key, JSON.stringify(state)),
  });

  window.fakeEditor = {
    asked,
    handlers,
    query: new window.URLSearchParams(window.location.search),
    emit: (name, params) => send({ type: 'event', name, params }),
    fail: (method, error, times) =>
      failures.set(method, { error: { details: {}, ...error }, times }),
    heal: (method) => failures.delete(method),
    /** Answers wait until `release`. */
    hold: () => {
      let resolve;
      const promise = new Promise((done) => (resolve = done));
      held = { promise, resolve };
    },
    release: () => {
      held?.resolve();
      held = null;
    },
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  // A policy that is broken anywhere would be broken in the editor too.
  window.policyViolations = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.policyViolations.push(
      `${event.violatedDirective}: ${event.blockedURI} ${event.lineNumber}:${event.columnNumber} ${event.sourceFile.slice(-20)}`,
    );
  });
})();
