/** Tells tus-js-client what is known already: of an upload that was announced just now, the server has nothing. */
import { DefaultHttpStack, type HttpRequest, type HttpResponse, type HttpStack } from "tus-js-client";

/** For one upload: its first question how much there is, which is a way there and back, is answered here. */
export class FreshStack implements HttpStack {
  readonly #inner = new DefaultHttpStack({});
  readonly #size: number;
  #isFresh = true;

  constructor(size: number) {
    this.#size = size;
  }

  createRequest(method: string, url: string): HttpRequest {
    if (method !== "HEAD" || !this.#isFresh) return this.#inner.createRequest(method, url);
    this.#isFresh = false;
    return new AnsweredRequest(url, { "upload-offset": "0", "upload-length": String(this.#size) });
  }

  getName(): string {
    return "FreshStack";
  }
}

/** A question that is not asked, and its answer. */
class AnsweredRequest implements HttpRequest {
  readonly #url: string;
  readonly #answer: HttpResponse;

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#answer = {
      getStatus: () => 200,
      getHeader: (name) => headers[name.toLowerCase()],
      getBody: () => "",
      getUnderlyingObject: () => null,
    };
  }

  readonly getMethod = (): string => "HEAD";
  readonly getURL = (): string => this.#url;
  readonly setHeader = (): void => undefined;
  readonly getHeader = (): undefined => undefined;
  readonly setProgressHandler = (): void => undefined;
  readonly send = (): Promise<HttpResponse> => Promise.resolve(this.#answer);
  readonly abort = (): Promise<void> => Promise.resolve();
  readonly getUnderlyingObject = (): null => null;
}
