/** A reason not to start that the person who started the hub can do something about. Shown without a stack. */
export class StartRefused extends Error {
  readonly sentence: string

  constructor(sentence: string, cause?: unknown) {
    super(sentence, { cause })
    this.name = 'StartRefused'
    this.sentence = sentence
  }
}
