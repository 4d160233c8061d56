// Passkeys (WebAuthn): asks the browser for what a form names, and sends its answer with that form.
"use strict";
(() => {
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) => btoa(Array.from(new Uint8Array(buffer ?? []), (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (ids) => ids.map((id) => ({ type: "public-key", id: toBytes(id) }));

  const create = (given) => navigator.credentials.create({
    publicKey: {
      challenge: toBytes(given.challenge),
      rp: given.rp,
      user: { ...given.user, id: toBytes(given.user.id) },
      pubKeyCredParams: given.algorithms.map((alg) => ({ type: "public-key", alg })),
      timeout: given.timeout,
      attestation: "none",
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      excludeCredentials: known(given.excludeCredentials),
    },
  });
  const get = (given) => navigator.credentials.get({
    publicKey: {
      challenge: toBytes(given.challenge),
      rpId: given.rpId,
      timeout: given.timeout,
      userVerification: given.userVerification,
      allowCredentials: known(given.allowCredentials),
    },
  });

  const fill = (form, credential) => {
    const { response } = credential;
    form.elements.credential.value = toText(credential.rawId);
    form.elements.client_data.value = toText(response.clientDataJSON);
    form.elements.authenticator_data.value = toText(response.authenticatorData);
    form.elements.signature.value = toText(response.signature);
    form.elements.user_handle.value = toText(response.userHandle);
    form.elements.attestation.value = toText(response.attestationObject);
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("#passkey");
    const failed = form.querySelector("[data-failed]");
    if (!window.PublicKeyCredential) continue;
    form.querySelector("[data-without-script]").hidden = true;
    button.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      failed.hidden = true;
      try {
        const action = form.getAttribute("action");
        const body = new URLSearchParams({ csrf: form.elements.csrf.value });
        const answer = await fetch(`${action}/options`, { method: "POST", body });
        if (!answer.ok) throw new Error(`${answer.status}`);
        const given = await answer.json();
        fill(form, await (form.dataset.passkey === "create" ? create(given) : get(given)));
        form.submit();
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
