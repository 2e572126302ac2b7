/** This machine lacks what a metric needs: the message is the sentence that says so. */
export class CouldNotRun extends Error {}
