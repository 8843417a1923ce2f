//! Health and metrics over HTTP, as a person, Kubernetes and systemd see them.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use borderwire::config;
use borderwire::serve::{self, Answer, Health, Serve, ServeError, systemd};
use borderwire::telemetry::{Metrics, PollOutcome, STALL_MAX};
use jiff::Timestamp;
use tokio::sync::oneshot;

fn anywhere() -> config::Serve {
    config::Serve { listen: "127.0.0.1:0".parse().unwrap() }
}

fn now() -> Timestamp {
    borderwire::clock::now()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

struct Running {
    address: std::net::SocketAddr,
    health: Arc<Health>,
    metrics: Arc<Metrics>,
    stop: oneshot::Sender<()>,
    done: tokio::task::JoinHandle<Result<(), ServeError>>,
}

impl Running {
    fn start() -> Self {
        let serve = Serve::bind(&anywhere()).unwrap();
        let address = serve.address();
        let health = Arc::new(Health::new(now()));
        let metrics = Arc::new(Metrics::new());
        let (stop, stopped) = oneshot::channel();
        let run = serve.run(Arc::clone(&health), Arc::clone(&metrics), async {
            let _ = stopped.await;
        });
        Self { address, health, metrics, stop, done: tokio::spawn(run) }
    }

    async fn ask(&self, path: &str) -> Answer {
        let url = format!("http://{}{path}", self.address).parse().unwrap();
        serve::ask(&url).await.unwrap()
    }
}

#[test]
fn ready_follows_restore_and_commits_and_live_does_not() {
    runtime().block_on(async {
        let running = Running::start();
        let answer = running.ask("/readyz").await;
        assert_eq!(answer.status, 503);
        assert_eq!(
            answer.body,
            "{\"reason\":\"feed state is being restored\",\"status\":\"unavailable\"}"
        );
        assert_eq!(running.ask("/livez").await.status, 200);
        running.health.restored();
        assert_eq!(
            running.ask("/readyz").await,
            Answer { status: 200, body: "{\"status\":\"ok\"}".to_owned() }
        );
        running.health.failed("no broker");
        let answer = running.ask("/readyz").await;
        assert_eq!(answer.status, 503);
        assert!(answer.body.contains("no broker"));
        assert_eq!(running.ask("/livez").await.status, 200);
        running.health.committed(now());
        assert_eq!(running.ask("/readyz").await.status, 200);
    });
}

#[test]
fn metrics_are_given_and_other_paths_are_not() {
    runtime().block_on(async {
        let running = Running::start();
        running.metrics.polled(PollOutcome::Fetched, Duration::from_millis(5));
        let answer = running.ask("/metrics").await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("borderwire_feed_polls_total{outcome=\"fetched\"} 1"));
        assert_eq!(running.ask("/secrets").await.status, 404);
    });
}

#[test]
fn the_server_stops_even_while_somebody_holds_a_connection() {
    runtime().block_on(async {
        let running = Running::start();
        let held = tokio::net::TcpStream::connect(running.address).await.unwrap();
        assert_eq!(running.ask("/livez").await.status, 200);
        running.stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(60), running.done)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        drop(held);
    });
}

#[test]
fn a_taken_port_is_told_with_what_to_do() {
    let first = Serve::bind(&anywhere()).unwrap();
    let config = config::Serve { listen: first.address() };
    let told = Serve::bind(&config).unwrap_err().to_string();
    assert!(told.contains(&format!("port {} of 127.0.0.1 is taken", first.address().port())));
    assert!(told.contains("set `listen` in [serve]"), "{told}");
    // An address of documentation: no machine has it.
    let foreign = config::Serve { listen: "192.0.2.1:9464".parse().unwrap() };
    let told = Serve::bind(&foreign).unwrap_err().to_string();
    assert!(told.contains("an address of this machine"), "{told}");
}

#[test]
fn the_health_command_tells_and_exits_by_what_the_daemon_says() {
    let runtime = runtime();
    let (health, address, running) = runtime.block_on(async {
        let running = Running::start();
        (Arc::clone(&running.health), running.address, running)
    });
    let ask = || {
        let output = Command::new(env!("CARGO_BIN_EXE_borderwire"))
            .arg("health")
            .env_clear()
            .env("BORDERWIRE_SERVE__LISTEN", address.to_string())
            .output()
            .unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    };
    let (code, text) = ask();
    assert_eq!(code, 1);
    assert!(text.contains("being restored"), "{text}");
    health.restored();
    assert_eq!(ask(), (0, "{\"status\":\"ok\"}\n".to_owned()));
    runtime.block_on(async {
        let _ = running.stop.send(());
        let _ = running.done.await;
    });
    let (code, text) = ask();
    assert_eq!(code, 1);
    assert!(text.contains("is the daemon running"), "{text}");
}

/// Set in the process that plays the daemon.
const CHILD: &str = "BORDERWIRE_TEST_NOTIFIES";

#[test]
fn systemd_hears_ready_and_the_watchdog_only_while_there_is_progress() {
    if let Ok(state) = std::env::var(CHILD) {
        return play_daemon(&state);
    }
    for (state, pinged) in [("moves", true), ("hangs", false)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "serve::systemd_hears_ready_and_the_watchdog_only_while_there_is_progress",
            ])
            .env(CHILD, state)
            .env("NOTIFY_SOCKET", &path)
            .env("WATCHDOG_USEC", "20000")
            .env_remove("WATCHDOG_PID")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        socket.set_nonblocking(true).unwrap();
        let mut heard = String::new();
        let mut bytes = [0; 512];
        while let Ok(length) = socket.recv(&mut bytes) {
            heard.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
        }
        assert!(heard.starts_with("READY=1\nSTATUS=40 feeds\n"), "{heard}");
        assert_eq!(heard.contains("WATCHDOG=1"), pinged, "{state}: {heard}");
        assert!(heard.contains("STOPPING=1"), "{heard}");
    }
}

fn play_daemon(state: &str) {
    let started = match state {
        "hangs" => now() - STALL_MAX - Duration::from_secs(1),
        _ => now(),
    };
    let health = Arc::new(Health::new(started));
    systemd::ready("40 feeds");
    let interval = systemd::watchdog_interval().unwrap();
    runtime().block_on(async {
        // It never ends by itself: several rounds of it are what there is to see.
        let rounds = tokio::time::timeout(interval * 5, systemd::watchdog(health)).await;
        assert!(rounds.is_err());
    });
    systemd::stopping();
}
