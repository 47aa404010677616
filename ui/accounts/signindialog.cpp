#include "accounts/signindialog.h"

#include "accounts/registryadvice.h"
#include "accounts/registryname.h"
#include "common/form.h"
#include "common/messagebar.h"
#include "common/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace accounts {

using namespace Qt::StringLiterals;

namespace {
/** Where no keyring asks anybody, all is done in less. */
constexpr int keyringMs = 1500;
} // namespace

SignInDialog::SignInDialog(Accounts &accounts, const QString &registry, QWidget *parent)
    : QDialog(parent)
    , m_accounts(accounts)
    , m_bar(new common::MessageBar(this))
    , m_form(new common::Form(this))
    , m_registry(new QComboBox(this))
    , m_user(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_kept(common::mutedLabel({}, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(u"Sign in"_s);
    setAccessibleName(windowTitle());
    m_registry->setEditable(true);
    m_registry->setInsertPolicy(QComboBox::NoInsert);
    m_registry->addItems(knownRegistries());
    m_registry->lineEdit()->setPlaceholderText(u"registry.example.com:5000"_s);
    m_registry->setCurrentIndex(-1);
    m_registry->setEditText(registry.isEmpty() ? QString() : registryTitle(registry));
    m_password->setEchoMode(QLineEdit::Password);
    // Nothing that completes, learns or predicts may get to know it.
    m_password->setInputMethodHints(
        Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    build();

    connect(m_registry, &QComboBox::editTextChanged, this, &SignInDialog::registryChanged);
    connect(m_user, &QLineEdit::textChanged, this, &SignInDialog::reconsider);
    connect(m_password, &QLineEdit::textChanged, this, &SignInDialog::reconsider);
    connect(&accounts.secrets(), &SecretStore::stateChanged, this, &SignInDialog::showKept);
    connect(m_bar, &common::MessageBar::dismissed, this, &SignInDialog::fit);
    m_patience.setSingleShot(true);
    m_patience.setInterval(keyringMs);
    connect(&m_patience, &QTimer::timeout, this, &SignInDialog::sayWaiting);
    registryChanged();
    showKept();
    if (registry.isEmpty())
        m_registry->setFocus();
    else if (m_user->text().isEmpty())
        m_user->setFocus();
    else
        m_password->setFocus();
}

SignInDialog::~SignInDialog() = default;

void SignInDialog::build()
{
    auto *show = new QCheckBox(u"&Show"_s, this);
    show->setAccessibleName(u"Show"_s);
    connect(show, &QCheckBox::toggled, m_password,
        [this](bool on) { m_password->setEchoMode(on ? QLineEdit::Normal : QLineEdit::Password); });
    auto *row = new QWidget(this);
    QHBoxLayout *rowLayout = common::rowOf(row);
    rowLayout->addWidget(m_password, 1);
    rowLayout->addWidget(show);

    m_registryHint = m_form->addField(u"&Registry"_s, m_registry);
    m_registry->lineEdit()->setAccessibleName(u"Registry"_s);
    m_form->addField(u"&User"_s, m_user);
    m_advice = m_form->addField(u"&Password or token"_s, row);
    row->setFocusProxy(m_password);
    m_password->setAccessibleName(u"Password or token"_s);
    m_form->addField(m_kept);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_cancel = buttons->button(QDialogButtonBox::Cancel);
    m_ok = buttons->addButton(u"Sign in"_s, QDialogButtonBox::AcceptRole);
    m_ok->setAccessibleName(u"Sign in"_s);
    m_ok->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &SignInDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &SignInDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * common::grid, 2 * common::grid, 2 * common::grid, 2 * common::grid);
    layout->setSpacing(2 * common::grid);
    layout->addWidget(m_bar);
    layout->addWidget(m_form);
    layout->addStretch();
    layout->addWidget(buttons);
    setMinimumWidth(70 * common::grid);
}

QString SignInDialog::registry() const { return registryTyped(m_registry->currentText()); }

void SignInDialog::registryChanged()
{
    const QString now = registry();
    const bool wrong = now.isEmpty() && !m_registry->currentText().trimmed().isEmpty();
    common::Form::setHint(
        m_registryHint, wrong ? u"A registry is what image names begin with: nvcr.io, localhost:5000."_s : QString());
    // Only what was put there is taken away again.
    if (m_user->text() == m_filledUser) {
        m_filledUser = fixedUser(now);
        m_user->setText(m_filledUser);
    }
    common::Form::setHint(m_advice, passwordAdvice(now));
    reconsider();
    fit();
}

void SignInDialog::showKept()
{
    m_accounts.secrets().state().then(this, [this](const core::Result<KeyringState> &state) {
        if (m_signedIn)
            return;
        m_keyring = *state;
        switch (*state) {
        case KeyringState::Available:
            m_kept->setText(u"It will be kept in the desktop's keyring."_s);
            break;
        case KeyringState::Locked:
            m_kept->setText(
                u"It will be kept in the desktop's keyring, which is locked: you will be asked to unlock it. "
                "If it stays locked, it is kept in memory until Slipway ends."_s);
            break;
        case KeyringState::Absent:
            m_kept->setText(u"There is no keyring in this session: it will be kept in memory until Slipway ends."_s);
            break;
        }
        fit();
    });
}

void SignInDialog::reconsider()
{
    m_form->setEnabled(!m_busy && !m_signedIn);
    m_ok->setEnabled(
        !m_busy && !m_signedIn && !registry().isEmpty() && !m_user->text().isEmpty() && !m_password->text().isEmpty());
    m_ok->setText(m_waiting ? u"Waiting…"_s : m_busy ? u"Signing in…"_s : u"Sign in"_s);
}

/** Wrapped texts come and go: a window grows and shrinks for them, but not by itself. What the person chose stays. */
void SignInDialog::fit()
{
    layout()->activate();
    const int wanted = layout()->totalHeightForWidth(width());
    if (isVisible() && height() >= wanted && height() != m_fitted)
        return;
    m_fitted = wanted;
    resize(width(), wanted);
}

void SignInDialog::accept()
{
    if (!m_ok->isEnabled())
        return;
    m_busy = true;
    m_bar->clear();
    reconsider();
    fit();
    if (m_keyring != KeyringState::Absent)
        m_patience.start();
    m_trying = m_accounts.signIn(registry(), m_user->text(), m_password->text())
                   .then(this, [this](const core::Result<Stored> &answer) { answered(answer); });
}

void SignInDialog::sayWaiting()
{
    m_waiting = true;
    reconsider();
    m_bar->showMessage(common::MessageBar::Severity::Info, u"Waiting for the registry and the desktop's keyring."_s,
        u"If the keyring wants its password, it asks in a window of its own, which may be behind this one."_s);
    fit();
}

void SignInDialog::answered(const core::Result<Stored> &answer)
{
    m_patience.stop();
    m_busy = m_waiting = false;
    m_signedIn = answer.ok();
    reconsider();
    if (answer) {
        Q_EMIT signedIn(registry(), answer->why);
        if (answer->inKeyring || m_keyring == KeyringState::Absent) // as it was promised
            return QDialog::accept();
        return sayUnkept(answer->why);
    }
    if (answer.error().kind == core::ErrorKind::Aborted)
        return;
    m_bar->showError(signInText(answer.error(), registry()));
    fit();
    m_password->setFocus();
    m_password->selectAll();
}

void SignInDialog::sayUnkept(const QString &why)
{
    m_bar->showMessage(common::MessageBar::Severity::Warning,
        u"Signed in to %1, but only until Slipway ends."_s.arg(registryTitle(registry())),
        u"The password is kept in memory, not in the keyring. %1"_s.arg(why));
    m_kept->setText(
        u"It is kept in memory until Slipway ends. To keep it longer, sign in again and open the keyring."_s);
    m_ok->hide();
    m_cancel->setText(u"Close"_s);
    m_cancel->setAccessibleName(u"Close"_s);
    m_cancel->setIcon(QIcon::fromTheme(u"window-close"_s));
    m_cancel->setFocus();
    fit();
}

/** An Escape meant for the keyring's window, or still held from there, must not end this one. */
void SignInDialog::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && (m_waiting || event->isAutoRepeat()))
        return event->accept();
    QDialog::keyPressEvent(event);
}

void SignInDialog::reject()
{
    if (m_signedIn)
        return QDialog::accept();
    m_trying.abort();
    QDialog::reject();
}

} // namespace accounts
