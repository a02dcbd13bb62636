export declare const dashboardFolder: URL;
export declare const reportFolder: URL;
