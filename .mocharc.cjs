// With CI=true a skipped test is a failure: nothing may go missing unseen.
module.exports = {
  spec: ['dist/test/{unit,property,contract,integration,fault}/**/*.test.js'],
  timeout: 20_000,
  failZero: true,
  forbidOnly: true,
  forbidPending: process.env.CI === 'true',
};
