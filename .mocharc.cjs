// A longer run of the properties has longer to finish.
const factor = Number(process.env.MODELGATE_TEST_FACTOR) || 1;

// With CI=true a skipped test is a failure: nothing may go missing unseen.
module.exports = {
  spec: ['dist/test/{unit,property,contract,integration,fault}/**/*.test.js'],
  timeout: 20_000 * Math.max(1, factor),
  failZero: true,
  forbidOnly: true,
  forbidPending: process.env.CI === 'true',
};
