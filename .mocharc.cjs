// A tenth of the cases of each property: they, and everything else, fit in two minutes. `npm run test:long` has all and more.
process.env.MODELGATE_TEST_FACTOR ??= '0.1';

// With CI=true a skipped test is a failure: nothing may go missing unseen.
module.exports = {
  spec: ['dist/test/{unit,property,contract,integration,fault}/**/*.test.js', 'dist/test/browser/first-page.test.js'],
  timeout: 20_000,
  // Three processes, a file at a time in each: files share nothing, every port is one that is free, and some only wait.
  parallel: true,
  jobs: 3,
  failZero: true,
  forbidOnly: true,
  forbidPending: process.env.CI === 'true',
};
